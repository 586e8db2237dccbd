// The sandbox's SOQL parser beside one by another author. Run by hand, in a folder with the package:
//   npm install @jetstreamapp/soql-parser-js@6.3.1
//   python -m o2c_orchestration_tests.peers.salesforce_soql_corpus > corpus.json
//   node salesforce_soql_oracle.js corpus.json
// It prints every query that only one of the two can read.
const { parseQuery } = require(require.resolve('@jetstreamapp/soql-parser-js', { paths: [process.cwd()] }));
const corpus = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
let same = 0;
for (const [soql, ours] of corpus) {
  let theirs = true;
  try { parseQuery(soql); } catch { theirs = false; }
  if (theirs === ours) same += 1;
  else console.log(ours ? 'only ours  ' : 'only theirs', soql);
}
console.log(`${same} of ${corpus.length} the same`);
