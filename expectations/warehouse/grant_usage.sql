-- the loading function comes as a user that Redshift makes at its first call, and all that it may do is this call
GRANT USAGE ON SCHEMA claims TO public;
