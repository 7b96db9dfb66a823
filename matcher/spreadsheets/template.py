"""An example sheet of a dozen invented people in one region: every column, and every way to write a cell."""

TEMPLATE = """\
id,name,email,zone,languages,goals,availability,writing,experiences,experiences_shown,support_style,channels,rhythm,\
welcomes_three,age,gender,place,wishes,requests,goes_first,nights_waited,consent
m01,Amina,amina@example.org,Europe/London,English; Somali,health: running; reading,"Mon 18:00-20:30; Sat 09:00-11:00",\
no,carer (in the thick of it),,gentle,video; phone,weekly,yes,34,female,Leeds,same gender (may ask),,no,0,yes
m02,Bogdan,bogdan@example.org,Europe/London,Polish and English,job: new job,"Mon evening, Wed morning 9-11",\
,migration (looking back),new parent (steadier),firm,phone,weekly,no,25-29,male,Leeds,,Chidi,,,yes
m03,Chidi,chidi@example.org,europe/london,en,"job: new job, health: sleep",weekdays 18-20,,,,firm,text,twice a week,\
yes,30-34,male,Bradford,,,,7,yes
m04,Dilys,dilys@example.org,Europe/London,Welsh/English,studies: exam,weekends,,grief (steadier),,gentle,text,weekly,\
,60+,female,York,age: 50-59|60+,,,,yes
m05,Eun-ji,eun-ji@example.org,Europe/London,Korean;English,studies: exam; health: running,\
"every day 7:30am-8am, Sat morning",\
,,,,,,yes,18-20,female,York,,m04,,3,yes
m06,Farid,farid@example.org,Europe/London,Farsi; English,job: new job,Monday to Thursday evenings,no,\
migration (in the thick of it),,gentle,,,,41,male,Leeds,,,,,yes
m07,Grace,grace@example.org,Europe/London,English; British Sign Language,art: painting,,yes,hearing loss,hearing loss,\
gentle,text,weekly,yes,52,female,Hull,,,yes,21,yes
m08,Hannah,hannah@example.org,Europe/London,German; English,art: painting; reading,Tue/Thu 6pm-8:30pm,,,\
new parent (in the thick of it),,video,every two weeks,no,38,female,Leeds,,,,,yes
m09,Ikram,ikram@example.org,Europe/London,Arabic; French; English,reading,Sat all day; writing is enough for me,,,,\
firm,text; video,,,29,other,Bradford,gender: female|other,,,,yes
m10,Jo,jo@example.org,Europe/Dublin,English; Irish,health: sleep,\
Monday and Wednesday: afternoon; Fri 22:00-01:00; Sun 10-12,\
,night shifts (steadier); carer (looking back),,,phone,,yes,45-54,other,Dublin,,Amina; Grace,,,yes
m11,Kamala,kamala@example.org,Europe/London,Nepali; English,health: running,Mon 18.30–20.00; Sun 10-12,yes,,,\
gentle,phone; text,weekly,no,33,female,Leeds,,,,,yes
m12,Leroy,leroy@example.org,Europe/London,English,studies: exam; job: new job,"Tue, Thu noon; Sun 8-10pm, Sat evening",\
,veteran (looking back),,firm,video,weekly,yes,55+,male,Leeds,"same place; age: 45-54|55+|60+ (may ask)",,,12,yes
"""
"""The text of the example sheet; reading it sets nobody aside."""
