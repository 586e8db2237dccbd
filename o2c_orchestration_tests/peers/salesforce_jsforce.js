// jsforce against a running sandbox (`o2c sandbox --no-company`). Run by hand, in a folder with the package:
//   npm install jsforce@3.10.16
//   node salesforce_jsforce.js http://127.0.0.1:8940
// It prints a line a check, ok or FAIL.
const jsforce=require(require.resolve('jsforce',{paths:[process.cwd()]}));
const base=process.argv[2];
(async()=>{
 const conn=new jsforce.Connection({loginUrl:base,instanceUrl:base,version:'68.0',oauth2:{loginUrl:base,clientId:'sandbox-salesforce-client',clientSecret:'sandbox-salesforce-secret'}});
 await conn.authorize({grant_type:'client_credentials'});
 const ok=(n,c)=>{console.log(c?'ok  ':'FAIL',n)};
 const id=await conn.identity(); ok('identity',id.user_id&&id.user_id.startsWith('005'));
 let r=await conn.sobject('Account').create({Name:'JS',Stripe_Customer_Id__c:'cus_js'}); ok('create',r.success);
 let many=await conn.sobject('Account').create([{Name:'A'},{Phone:'1'},{Name:'C'}]); ok('create many',many[0].success&&!many[1].success&&many[1].errors[0].statusCode==='REQUIRED_FIELD_MISSING');
 let u=await conn.sobject('Account').upsert({Stripe_Customer_Id__c:'cus_js',Name:'JS2'},'Stripe_Customer_Id__c'); ok('upsert known',u.success&&u.created===false);
 u=await conn.sobject('Account').upsert({Stripe_Customer_Id__c:'cus_js2',Name:'JS3'},'Stripe_Customer_Id__c'); ok('upsert new',u.created===true);
 let us=await conn.sobject('Account').upsert([{Stripe_Customer_Id__c:'cus_js',Name:'JS4'},{Stripe_Customer_Id__c:'cus_js9',Name:'N'}],'Stripe_Customer_Id__c'); ok('upsert many',us[0].success&&us[1].created===true);
 let up=await conn.sobject('Account').update({Id:r.id,BillingCity:'Leeds'}); ok('update',up.success);
 let rec=await conn.sobject('Account').retrieve(r.id); ok('retrieve',rec.BillingCity==='Leeds'&&rec.Name==='JS4');
 let recs=await conn.sobject('Account').retrieve([r.id,u.id]); ok('retrieve many',recs.length===2&&recs[1].Name==='JS3');
 let d=await conn.sobject('Opportunity').describe(); ok('describe',d.fields.length>30);
 let g=await conn.describeGlobal(); ok('describeGlobal',g.sobjects.length===12);
 await conn.sobject('Opportunity').create([...Array(150)].map((_,i)=>({Name:'D'+i,StageName:'Closed Won',CloseDate:'2026-11-01',AccountId:r.id})));
 let q=await conn.query("SELECT Id, Name, Account.Name, Owner.Name FROM Opportunity WHERE IsWon = true AND SystemModstamp > 2026-01-01T00:00:00Z ORDER BY SystemModstamp, Id"); ok('query',q.totalSize===150&&q.records[0].Account.Name==='JS4');
 let sub=await conn.query("SELECT Name, (SELECT Name FROM Opportunities) FROM Account WHERE Id='"+r.id+"'"); ok('subquery',sub.records[0].Opportunities.records.length===150);
 let f=await conn.sobject('Opportunity').find({StageName:'Closed Won',CloseDate:{$gte:jsforce.SfDate.toDateLiteral(new Date('2026-01-01'))}},'Id, Name').sort({Name:1}).limit(3); ok('find',f.length===3);
 let n=0; await new Promise((res,rej)=>{conn.query("SELECT Id FROM Opportunity").on('record',()=>n++).on('end',res).on('error',rej).run({autoFetch:true,headers:{'Sforce-Query-Options':'batchSize=200'},maxFetch:1000})}); ok('autoFetch',n===150);
 let upd=await conn.sobject('Account').updated(new Date(Date.now()-36e5).toISOString(),new Date(Date.now()+36e5).toISOString()); ok('updated',upd.ids.length>=4);
 let del=await conn.sobject('Account').destroy(u.id); ok('destroy',del.success);
 let dl=await conn.sobject('Account').deleted(new Date(Date.now()-36e5).toISOString(),new Date(Date.now()+36e5).toISOString()); ok('deleted',dl.deletedRecords.length===1);
 let dm=await conn.sobject('Account').destroy([r.id,'001bad']).catch(e=>e); ok('destroy many',Array.isArray(dm)&&dm[0].success&&!dm[1].success);
 try{ await conn.query('SELECT Nope FROM Account'); ok('bad query',false)}catch(e){ ok('bad query '+e.errorCode,e.errorCode==='INVALID_FIELD')}
 try{ await conn.sobject('Account').create({}); ok('bad create',false)}catch(e){ ok('bad create '+e.errorCode+' '+JSON.stringify(e.data||e.content||null).slice(0,100),e.errorCode==='REQUIRED_FIELD_MISSING')}
 let lim=await conn.limits(); ok('limits',lim.DailyApiRequests.Max===100000); ok('limitInfo',conn.limitInfo.apiUsage.limit===100000);
})().catch(e=>{console.log('CRASH',e)});
