from o2c_orchestration_tests.crash.worker import apply_plan
import time
def test_smoke(case):
    t=time.time()
    case.start(apply_plan).finish()
    print(time.time()-t, case.states(), audit_count(case)); t=time.time()
    case.finish()
    print(time.time()-t)
    from o2c_orchestration.store.database import open_database
    from o2c_orchestration.store import journal
    e=open_database(case.database_url)
    for x in journal.entries(e,["refused","dead","intent"]): print(x.document,x.external_id,x.state,x.error_detail)
    case.check()
    case.never_asked_twice()
def audit_count(case):
    from o2c_orchestration_tests.crash import audit
    return audit.count(case.world.state)
