// The texts of aiprod help. A test holds them to the options that the commands really have.
export const overview = `aiprod turns a script into a finished, narrated video.

  aiprod make SCRIPT       make an MP4 from a text file (- = standard input)
  aiprod serve             run the API and the worker until Ctrl-C
  aiprod watch JOB         follow a job
  aiprod explain JOB       why each step of a job ran or was reused
  aiprod storyboard JOB    print the scenes of a job, or send them back edited
  aiprod db TASK           back the database up, restore or migrate it
  aiprod encryption rotate wrap data keys under the present key-encryption key
  aiprod audit TASK        verify or list the audit log
  aiprod keys TASK         make, list or revoke API keys
  aiprod users TASK        export or erase a user, or let one begin anew
  aiprod sweep             send jobs that nobody holds again, once
  aiprod doctor            check this machine
  aiprod smoke URL         whether a running service does what it is for
  aiprod contact-sheet     paint every style in every mood into one picture
  aiprod gcp setup         what a Google Cloud project needs: print the commands, or run them

aiprod COMMAND --help shows a command's options, aiprod --version which version this is.
`;

const server = '  --server URL        talk to this server instead of the one on the data folder\n';

export const commandHelp = {
  make: `aiprod make SCRIPT [options]

  --style NAME        cinematic, documentary, corporate, social, minimal, retro, nature, noir
  --mood NAME         dramatic, calm, uplifting, tense, mysterious, playful, melancholic, epic, neutral
  --duration SECONDS  5 to 600; left out: as long as the narration takes
  --aspect RATIO      16:9, 9:16, 1:1, 4:5
  --resolution NAME   720p, 1080p, 2160p
  --fps NUMBER        24, 25, 30, 60
  --language TAG      such as en, fr, ar; left out: detected
  --voice NAME        a voice of GET /v1/voices
  --captions STYLE    bold, clean, karaoke, boxed, typewriter
  --media N=FILE      an image or clip of your own, or its https URL, for the Nth paragraph; several times
  --fit NAME          how it is shown: cover, contain
  --seed NUMBER       same seed, same video
  --webhook URL       tell this URL of the job
  --rewrite           let the planner rewrite the words, where one can
  --strict            fail rather than fall back
  --no-music, --no-effects, --no-captions, --no-title
  --out FILE          left out: out/<script name>.mp4
${server}
Ctrl-C cancels the job; what was finished is reused next time.
`,
  serve: `aiprod serve [options]

  --port NUMBER       0 = any free port
  --data FOLDER       where everything is kept
`,
  watch: `aiprod watch JOB [options]\n\n${server}`,
  explain: `aiprod explain JOB [options]\n\n${server}`,
  storyboard: `aiprod storyboard JOB [options]

Prints the scenes as JSON. Edited, they are made as a new revision, and only what changed is made again.

  --edit FILE         send this file back (- = standard input)
${server}`,
  db: `aiprod db backup FILE
aiprod db restore FILE [options]
aiprod db migrate

Takes the database of DATABASE_URL, or the embedded one. Backups are made while AIPROD works, with pg_dump; before a
restore it is stopped. Pictures, sounds and videos are not in them.

  --replace           restore over what is there, which is lost
`,
  encryption: `aiprod encryption rotate [options]

Wraps the data key of every user under the present key-encryption key. Safe while AIPROD works, and to repeat.

  --data-keys         begin a new data key for every user's new data besides
`,
  audit: `aiprod audit verify [options]
aiprod audit list [options]

Works directly on the database of DATABASE_URL, or the embedded one, and changes nothing. verify says which entry is wrong
first, and why, and ends with 1 then.

  --log FILE          verify: hold it to this saved log of the program (JSON lines)
  --user NAME         list: only what concerns this user's data
  --limit NUMBER      list: how many, newest first; left out: 50
`,
  keys: `aiprod keys create --user NAME --scopes LIST [options]
aiprod keys list
aiprod keys revoke ID

Works directly on the database of DATABASE_URL, or the embedded one. A key is shown once.

  --user NAME         whose jobs and files the key is for
  --scopes LIST       of videos:read, videos:write, admin, comma-separated
  --name TEXT         for people to know it by
  --expires DAYS      left out: never
`,
  users: `aiprod users export USER FILE
aiprod users erase USER [options]
aiprod users readmit USER

Works directly on the database of DATABASE_URL, or the embedded one, and on the stored bytes. Exporting writes all that is kept
of the user into a new tar file, in plain words and bytes. Erasing removes every job, file,
upload, key and webhook of the user and destroys the data key; it cannot be undone. Readmitting lets an erased user begin anew.

  --yes               erase without this is refused
`,
  sweep: `aiprod sweep

Looks once for jobs that are due and that nobody holds, and sends them again: what every worker does all the time. For a
scheduler, where workers do not always run. Safe at any time.
`,
  doctor: `aiprod doctor [options]

Checks this machine and says what to do about what is missing.

  --production        ask every service that the settings name too
  --json              say it to a program
`,
  smoke: `aiprod smoke URL [options]

Asks the service at URL how it is and who may ask, makes one small video, checks the report and every file, and deletes it. The
key in AIPROD_API_KEY is shown. Ends with 0 when all works, 1 when something does not, 4 when it is down or not ready.

  --quick             make no video
  --expect VERSION    fail when another version answers
  --strict            fail rather than fall back
  --within SECONDS    longest time for the video; left out: 300
  --json              say it to a program
`,
  'contact-sheet': `aiprod contact-sheet [options]

  --style NAME        only this style
  --motif NAME        what the pictures are about; left out: mountains
  --things WORDS      things to put in, such as "lighthouse ship"
  --variant NUMBER    0 to 4: which way to compose them; left out: 0
  --aspect RATIO      16:9, 9:16, 1:1, 4:5
  --seed NUMBER       left out: 1
  --out FILE          left out: out/contact-sheet.png
`,
  gcp: `aiprod gcp setup [options]

Prints a script of gcloud commands that make topics, subscriptions, service accounts and rights. Safe to repeat.

  --project ID        the Google Cloud project
  --push-url URL      where the worker takes pushes; left out: workers pull
  --run-service NAME  the Cloud Run service behind it, to let pushes in
  --bucket NAME       make this bucket too
  --region NAME       of the bucket and the service; left out: us-central1
  --apply             run the commands instead of printing them
`,
};
