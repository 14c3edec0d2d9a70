package import HubCore
package import MirrorGateway
import Policies

/// Plans, runs and rehearsals of mirroring as the gateway's interface shows them.
package enum SyncJSON {
    /// Files that a plan shows; the counts are of all.
    private static let shownFiles = 20_000

    package static func write(_ plan: SyncPlan, to json: inout JSONWriter) {
        var left = shownFiles
        json.object { json in
            json.member("policyDigest", plan.policyDigest)
            json.member("filesToFetch", plan.filesToFetch)
            json.member("bytesToFetch", plan.bytesToFetch)
            json.member("requests", plan.requests)
            json.member("estimatedSeconds", plan.estimatedDuration?.components.seconds)
            json.array("repositories") { json in
                for entry in plan.entries { write(entry, left: &left, to: &json) }
            }
            json.member("truncated", left == 0)
        }
    }

    private static func write(_ entry: SyncPlan.Entry, left: inout Int, to json: inout JSONWriter) {
        json.object { json in
            json.member("repository", entry.local.description)
            json.member("mirror", entry.mirror)
            json.member("upstream", entry.upstream)
            json.member("upstreamPath", entry.path.path)
            json.member("verdict", entry.verdict.rawValue)
            json.member("reason", entry.reason)
            json.member("problem", entry.problem?.line)
            json.array("revisions") { json in
                for branch in entry.branches {
                    json.object { json in
                        json.member("revision", branch.revision)
                        json.member("commit", branch.commit?.hex)
                        json.member("fileCount", branch.files.count)
                        json.array("files") { json in
                            for file in branch.files.prefix(left) {
                                json.object { json in
                                    json.member("path", file.path)
                                    json.member("size", file.size)
                                    json.member("sha256", file.digest?.hex)
                                    json.member("verdict", file.verdict.rawValue)
                                    json.member("reason", file.reason)
                                    json.member("stored", file.isHere)
                                }
                            }
                        }
                        left -= min(left, branch.files.count)
                    }
                }
            }
        }
    }

    package static func write(_ run: SyncRun, to json: inout JSONWriter) {
        json.object { json in members(run, of: &json) }
    }

    /// A run with what it did, some of it.
    package static func write(_ run: SyncRun, _ outcomes: [SyncOutcome], next: String?, to json: inout JSONWriter) {
        json.object { json in
            members(run, of: &json)
            json.array("repositories") { json in
                for outcome in outcomes {
                    json.object { json in
                        json.member("repository", outcome.subject)
                        json.member("state", outcome.state.rawValue)
                        json.member("reason", outcome.reason)
                        json.member("job", outcome.job)
                        json.member("files", outcome.files)
                        json.member("filesFailed", outcome.filesFailed)
                        json.member("bytesFetched", outcome.bytesFetched)
                    }
                }
            }
            json.member("next", next)
        }
    }

    private static func members(_ run: SyncRun, of json: inout JSONWriter) {
        // Larger than what JavaScript counts to.
        json.member("id", String(run.id))
        json.member("mirror", run.mirror)
        json.member("cause", run.cause.rawValue)
        json.member("requestedBy", run.requestedBy)
        json.member("dueAt", run.dueAt.map(JSONDate.text(milliseconds:)))
        json.member("state", run.state.rawValue)
        json.member("report", run.report ?? .null)
        json.member("startedAt", JSONDate.text(milliseconds: run.startedAt))
        json.member("finishedAt", run.finishedAt.map(JSONDate.text(milliseconds:)))
    }

    package static func write(_ rehearsal: PolicyRehearsal, to json: inout JSONWriter) {
        func list(_ name: String, _ changes: [PolicyRehearsal.Change], in json: inout JSONWriter) {
            json.array(name) { json in
                for change in changes.prefix(shownFiles) {
                    json.object { json in
                        json.member("repository", change.repository.description)
                        json.member("mirror", change.mirror)
                        json.member("before", change.before?.rawValue)
                        json.member("after", change.after?.rawValue)
                        json.member("reason", change.reason)
                        json.member("blockedFiles", change.blockedFiles)
                        json.member("examples", change.examples)
                        json.member("stored", change.isStored)
                        json.member("downloads", change.downloads)
                    }
                }
            }
        }
        let changes = rehearsal.changes.sorted {
            ($1.downloads, $0.repository.path) < ($0.downloads, $1.repository.path)
        }
        json.object { json in
            json.member("policyDigest", rehearsal.digest)
            json.member("currentDigest", rehearsal.currentDigest)
            json.member("repositories", rehearsal.repositories)
            list("newlyBlocked", changes.filter(\.isNewlyBlocked), in: &json)
            list("newlyAllowed", changes.filter(\.isNewlyAllowed), in: &json)
            list("newlyMirrored", changes.filter(\.isNewlyMirrored), in: &json)
            list(
                "otherwiseChanged",
                changes.filter { !$0.isNewlyBlocked && !$0.isNewlyAllowed && !$0.isNewlyMirrored }, in: &json)
            json.member("bytesToFetch", rehearsal.bytesToFetch)
            json.member("unknownSizes", rehearsal.unknownSizes)
            json.member("estimatedSeconds", rehearsal.estimatedDuration?.components.seconds)
            json.member("remarks", rehearsal.remarks)
        }
    }
}
