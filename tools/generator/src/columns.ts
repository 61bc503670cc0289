const buildingMeasures = [
  'APARTMENTS',
  'BASEMENTAREA',
  'YEARS_BEGINEXPLUATATION',
  'YEARS_BUILD',
  'COMMONAREA',
  'ELEVATORS',
  'ENTRANCES',
  'FLOORSMAX',
  'FLOORSMIN',
  'LANDAREA',
  'LIVINGAPARTMENTS',
  'LIVINGAREA',
  'NONLIVINGAPARTMENTS',
  'NONLIVINGAREA',
] as const;
export type BuildingMeasure = (typeof buildingMeasures)[number];

/** Columns of Home Credit's `application_test`, in its order. */
export const applicationColumns: readonly string[] = [
  'SK_ID_CURR',
  ...['NAME_CONTRACT_TYPE', 'CODE_GENDER', 'FLAG_OWN_CAR', 'FLAG_OWN_REALTY', 'CNT_CHILDREN', 'AMT_INCOME_TOTAL', 'AMT_CREDIT', 'AMT_ANNUITY'],
  ...['AMT_GOODS_PRICE', 'NAME_TYPE_SUITE', 'NAME_INCOME_TYPE', 'NAME_EDUCATION_TYPE', 'NAME_FAMILY_STATUS', 'NAME_HOUSING_TYPE'],
  ...['REGION_POPULATION_RELATIVE', 'DAYS_BIRTH', 'DAYS_EMPLOYED', 'DAYS_REGISTRATION', 'DAYS_ID_PUBLISH', 'OWN_CAR_AGE'],
  ...['FLAG_MOBIL', 'FLAG_EMP_PHONE', 'FLAG_WORK_PHONE', 'FLAG_CONT_MOBILE', 'FLAG_PHONE', 'FLAG_EMAIL', 'OCCUPATION_TYPE', 'CNT_FAM_MEMBERS'],
  ...['REGION_RATING_CLIENT', 'REGION_RATING_CLIENT_W_CITY', 'WEEKDAY_APPR_PROCESS_START', 'HOUR_APPR_PROCESS_START'],
  ...['REG_REGION_NOT_LIVE_REGION', 'REG_REGION_NOT_WORK_REGION', 'LIVE_REGION_NOT_WORK_REGION'],
  ...['REG_CITY_NOT_LIVE_CITY', 'REG_CITY_NOT_WORK_CITY', 'LIVE_CITY_NOT_WORK_CITY', 'ORGANIZATION_TYPE'],
  ...['EXT_SOURCE_1', 'EXT_SOURCE_2', 'EXT_SOURCE_3'],
  ...['AVG', 'MODE', 'MEDI'].flatMap((statistic) => buildingMeasures.map((measure) => `${measure}_${statistic}`)),
  ...['FONDKAPREMONT_MODE', 'HOUSETYPE_MODE', 'TOTALAREA_MODE', 'WALLSMATERIAL_MODE', 'EMERGENCYSTATE_MODE'],
  ...['OBS_30_CNT_SOCIAL_CIRCLE', 'DEF_30_CNT_SOCIAL_CIRCLE', 'OBS_60_CNT_SOCIAL_CIRCLE', 'DEF_60_CNT_SOCIAL_CIRCLE', 'DAYS_LAST_PHONE_CHANGE'],
  ...Array.from({ length: 20 }, (_, index) => `FLAG_DOCUMENT_${index + 2}`),
  ...['HOUR', 'DAY', 'WEEK', 'MON', 'QRT', 'YEAR'].map((span) => `AMT_REQ_CREDIT_BUREAU_${span}`),
];

/** What Home Credit's tables lack and a lender has: the generated client's name. */
export const contactColumns: readonly string[] = ['FIRST_NAME', 'LAST_NAME'];

export const targetColumn = 'TARGET';
