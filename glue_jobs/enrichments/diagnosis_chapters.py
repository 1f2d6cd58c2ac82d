"""Chapters of ICD-10-CM and of ICD-9-CM, by the last category of each, in the words of ICD-10-CM.

Both are public domain (CDC/NCHS). ICD-9-CM has no chapters of their own for eye and ear: these are split as in
ICD-10-CM, so that a chapter can be followed over October 2015, and 279 (immunity) stands with the blood.
"""

INFECTIOUS = "Certain infectious and parasitic diseases"
NEOPLASMS = "Neoplasms"
BLOOD = "Diseases of the blood and blood-forming organs and certain disorders involving the immune mechanism"
ENDOCRINE = "Endocrine, nutritional and metabolic diseases"
MENTAL = "Mental, behavioral and neurodevelopmental disorders"
NERVOUS = "Diseases of the nervous system"
EYE = "Diseases of the eye and adnexa"
EAR = "Diseases of the ear and mastoid process"
CIRCULATORY = "Diseases of the circulatory system"
RESPIRATORY = "Diseases of the respiratory system"
DIGESTIVE = "Diseases of the digestive system"
SKIN = "Diseases of the skin and subcutaneous tissue"
MUSCULOSKELETAL = "Diseases of the musculoskeletal system and connective tissue"
GENITOURINARY = "Diseases of the genitourinary system"
PREGNANCY = "Pregnancy, childbirth and the puerperium"
PERINATAL = "Certain conditions originating in the perinatal period"
CONGENITAL = "Congenital malformations, deformations and chromosomal abnormalities"
SYMPTOMS = "Symptoms, signs and abnormal clinical and laboratory findings, not elsewhere classified"
INJURY = "Injury, poisoning and certain other consequences of external causes"
EXTERNAL = "External causes of morbidity"
FACTORS = "Factors influencing health status and contact with health services"
SPECIAL = "Codes for special purposes"

ICD_10_CHAPTERS = (
    ("B99", INFECTIOUS),
    ("D49", NEOPLASMS),
    ("D89", BLOOD),
    ("E89", ENDOCRINE),
    ("F99", MENTAL),
    ("G99", NERVOUS),
    ("H59", EYE),
    ("H95", EAR),
    ("I99", CIRCULATORY),
    ("J99", RESPIRATORY),
    ("K95", DIGESTIVE),
    ("L99", SKIN),
    ("M9Z", MUSCULOSKELETAL),
    ("N99", GENITOURINARY),
    ("O9Z", PREGNANCY),
    ("P99", PERINATAL),
    ("Q99", CONGENITAL),
    ("R99", SYMPTOMS),
    ("T99", INJURY),
    ("U99", SPECIAL),
    ("Y99", EXTERNAL),
    ("Z99", FACTORS),
)

ICD_9_CHAPTERS = (
    ("139", INFECTIOUS),
    ("239", NEOPLASMS),
    ("278", ENDOCRINE),
    ("289", BLOOD),
    ("319", MENTAL),
    ("359", NERVOUS),
    ("379", EYE),
    ("389", EAR),
    ("459", CIRCULATORY),
    ("519", RESPIRATORY),
    ("579", DIGESTIVE),
    ("629", GENITOURINARY),
    ("679", PREGNANCY),
    ("709", SKIN),
    ("739", MUSCULOSKELETAL),
    ("759", CONGENITAL),
    ("779", PERINATAL),
    ("799", SYMPTOMS),
    ("999", INJURY),
)
