/** Variables with which a tool tells the process that it starts what it is at work on: the caller's commit, package, build, test run. */

/**
 * Where git is at work, as it tells its hooks and aliases: the server records changes by git, and would do so in the index of the
 * caller's commit. Settings, identity and logins of git are none of that.
 */
const ofGit = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_PREFIX",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_QUARANTINE_PATH",
  "GIT_NAMESPACE",
  "GIT_GRAFT_FILE",
  "GIT_SHALLOW_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INTERNAL_\\w+",
  "GIT_CONFIG",
  "GIT_CONFIG_PARAMETERS",
  "GIT_ATTR_SOURCE",
  "GIT_(NO_REPLACE_OBJECTS|REPLACE_REF_BASE)",
  "GIT_(LITERAL|GLOB|NOGLOB|ICASE)_PATHSPECS",
  "GIT_(AUTHOR|COMMITTER)_DATE",
  "GIT_REFLOG_ACTION",
  "GIT_PUSH_(OPTION_\\w+|CERT\\w*)",
  "GIT_DIFF_PATH_(COUNTER|TOTAL)",
  "GIT_PAGER_IN_USE",
  "GIT_RESOLVED\\w*|GITHEAD_\\w+",
];

/** What package managers, builds and test runners say of the script that they run. */
const ofScripts = [
  "npm_(package|lifecycle)_\\w+",
  "npm_(command|execpath)",
  "npm_config_local_prefix",
  "INIT_CWD|PROJECT_CWD|BERRY_BIN_FOLDER|PNPM_(SCRIPT_SRC_DIR|PACKAGE_NAME)",
  "MAKEFLAGS|MFLAGS|MAKELEVEL|MAKEOVERRIDES|MAKE_TERM(OUT|ERR)",
  "CARGO_(MANIFEST|PKG|BIN)_\\w+|CARGO_(MAKEFLAGS|CRATE_NAME|PRIMARY_PACKAGE|TARGET_TMPDIR)",
  "NODE_TEST_CONTEXT|NODE_V8_COVERAGE|NYC_\\w+|COVERAGE_PROCESS_START|COV_CORE_\\w+",
  "JEST_WORKER_ID|VITEST|VITEST_\\w+|PYTEST_(CURRENT_TEST|XDIST_\\w+)",
];

/** The process itself: where it stands, who watches it, and the agent whose tool it is. */
const ofProcess = [
  "PWD|OLDPWD",
  "NOTIFY_SOCKET|WATCHDOG_(PID|USEC)|LISTEN_(FDS|PID|PIDFDID|FDNAMES)",
  "NODE_(CHANNEL_FD|CHANNEL_SERIALIZATION_MODE|UNIQUE_ID)",
  "OPENCODE|OPENCODE_(PID|RUN_ID|PROCESS_ROLE)",
];

const callers = new RegExp(`^(?:${[...ofGit, ...ofScripts, ...ofProcess].join("|")})$`, "i");

/** True for a variable that points at what the caller itself is at work on, and is not the agent's. */
export function isCallersWork(name: string): boolean {
  return callers.test(name);
}
