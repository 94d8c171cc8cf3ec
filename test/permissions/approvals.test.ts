/** What "always" was said to, and for whom it holds. */
import { describe, expect, test } from "vitest";
import { ApprovalCache } from "../../src/permissions/policy/approvals.js";
import type { PolicyRequest } from "../../src/types/policy.js";

const bash = (command: string, always: string[] = [], chain: string[] = ["ses_root"]): PolicyRequest => ({
  id: "per_1",
  sessionId: chain.at(-1) ?? "",
  permission: "bash",
  patterns: [command],
  metadata: { command },
  chain,
  always,
});

const edit = (path: string, always: string[]): PolicyRequest => ({
  ...bash(""),
  permission: "edit",
  patterns: [path],
  metadata: { filepath: `/repo/${path}` },
  always,
});

describe("an approval", () => {
  test("an approval covers the commands of the server's pattern and the approved line", async () => {
    const approvals = new ApprovalCache();
    expect(await approvals.covers(bash("git status"))).toBe(false);
    approvals.remember(bash("git status --short", ["git status *"]));
    for (const line of ["git status --short", "git status", "git status -b", "git 'status'"]) {
      expect(await approvals.covers(bash(line)), line).toBe(true);
    }
    for (const line of [
      "git log",
      "git status; rm x",
      "git status > x",
      "X=1 git status",
      "git status $(rm x)",
      "sudo git status",
    ]) {
      expect(await approvals.covers(bash(line)), line).toBe(false);
    }
  });

  test("an approval of a line with a redirection, a script or a heredoc covers only that line", async () => {
    const approvals = new ApprovalCache();
    approvals.remember(bash("ls *.ts > out; rm '*'", ["ls *", "rm *"]));
    expect(await approvals.covers(bash("ls *.ts > out; rm '*'"))).toBe(true);
    expect(await approvals.covers(bash("ls a.ts > out; rm '*'"))).toBe(false);
    approvals.remember(bash("python -c 'print(1)'", ["python *"]));
    expect(await approvals.covers(bash("python -c 'print(1)'"))).toBe(true);
    expect(await approvals.covers(bash("python -c 'print(2)'"))).toBe(false);
    approvals.remember(bash("cat <<E\n*\nE"));
    expect(await approvals.covers(bash("cat <<E\n*\nE"))).toBe(true);
    expect(await approvals.covers(bash("cat <<E\nx\nE"))).toBe(false);
  });

  test("an approval with the pattern `*` covers only the approved command", async () => {
    const approvals = new ApprovalCache();
    approvals.remember(bash("ls", ["*", "* *", ""]));
    expect(await approvals.covers(bash("ls"))).toBe(true);
    expect(await approvals.covers(bash("rm x"))).toBe(false);
  });

  test("an approval of an edit covers the server's patterns, or without patterns the same file", async () => {
    const approvals = new ApprovalCache();
    approvals.remember(edit("src/a", ["src/*"]));
    expect(await approvals.covers(edit("src/b", []))).toBe(true);
    expect(await approvals.covers(edit("src/../b", []))).toBe(false);
    approvals.remember(edit("x*", []));
    expect(await approvals.covers(edit("x*", []))).toBe(true);
    expect(await approvals.covers(edit("xy", []))).toBe(false);
    approvals.remember(edit("x", ["*"]));
    expect(await approvals.covers(edit("anything", []))).toBe(true);
    expect(await approvals.covers({ ...edit("anything", []), permission: "read" })).toBe(false);
  });

  test("an approval holds for its session and sub-agents, and for no other session", async () => {
    const approvals = new ApprovalCache();
    approvals.remember(bash("ls", ["ls *"], ["ses_root", "ses_child"]));
    expect(await approvals.covers(bash("ls -l", [], ["ses_root"]))).toBe(true);
    expect(await approvals.covers(bash("ls -l", [], ["ses_root", "ses_other"]))).toBe(true);
    expect(await approvals.covers(bash("ls -l", [], ["ses_else"]))).toBe(false);
    approvals.forget("ses_root");
    expect(await approvals.covers(bash("ls -l"))).toBe(false);
  });

  test("an approval of a tool with the name `*` is not remembered", async () => {
    const approvals = new ApprovalCache();
    approvals.remember({ ...edit("x", ["*"]), permission: "*" });
    expect(await approvals.covers(edit("x", []))).toBe(false);
  });
});

describe("the approval cache", () => {
  test("the approval cache drops the least recently used session and the oldest approval of a session", async () => {
    const approvals = new ApprovalCache({ maxSessions: 2, maxApprovals: 3 });
    for (const id of ["ses_1", "ses_2"]) approvals.remember(bash("ls", [], [id]));
    expect(await approvals.covers(bash("ls", [], ["ses_1"]))).toBe(true); // used
    approvals.remember(bash("ls", [], ["ses_3"]));
    expect(approvals.size).toBe(2);
    expect(await approvals.covers(bash("ls", [], ["ses_2"]))).toBe(false);
    expect(await approvals.covers(bash("ls", [], ["ses_1"]))).toBe(true);

    for (const line of ["a", "b", "c", "c", "c"]) approvals.remember(bash(line, [], ["ses_1"]));
    const covered = ["ls", "a", "b", "c"].map((line) => approvals.covers(bash(line, [], ["ses_1"])));
    expect(await Promise.all(covered)).toEqual([false, true, true, true]);
  });

  test("the approval cache remembers paths and patterns of 5,000 characters", async () => {
    const approvals = new ApprovalCache();
    const odd = { ...edit("x".repeat(5_000), ["", "x".repeat(5_000)]), permission: "write" };
    approvals.remember(odd);
    expect(await approvals.covers(odd)).toBe(true);
  });
});
