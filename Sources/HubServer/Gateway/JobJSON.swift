package import HubCore
import NIOCore

/// Jobs, their files and events as the gateway's interface shows them.
enum JobJSON {
    static func write(_ job: Job, rate: JobRate?, to json: inout JSONWriter) {
        let isRunning = job.state == .running
        json.object { json in
            json.member("id", job.id)
            json.member("kind", job.draft.kind)
            json.member("subject", job.draft.subject)
            json.member("state", job.state.rawValue)
            json.member("priority", job.draft.priority.word)
            json.member("account", job.draft.account)
            json.member("requestedBy", job.draft.requestedBy)
            json.member("mirror", job.draft.mirror)
            // Larger than what JavaScript counts to.
            json.member("run", job.draft.run.map { String($0) })
            json.member("attempts", job.attempts)
            json.member("waitsFor", waiting(job))
            json.object("progress") { json in
                json.member("filesTotal", job.progress.filesTotal)
                json.member("filesDone", job.progress.filesDone)
                json.member("filesFailed", job.progress.filesFailed)
                json.member("bytesTotal", job.progress.bytesTotal)
                json.member("bytesDone", job.progress.bytesDone)
                json.member("bytesFetched", job.progress.bytesFetched)
            }
            json.member("bytesPerSecond", isRunning ? rate?.bytesPerSecond : nil)
            json.member(
                "secondsLeft",
                isRunning ? rate?.seconds(for: max(0, job.progress.bytesTotal - job.progress.bytesDone)) : nil)
            json.member("upstream", job.upstream)
            if let failure = job.failure {
                json.object("failure") { json in
                    json.member("code", failure.code)
                    json.member("message", failure.message)
                }
            } else {
                json.member("failure", String?.none)
            }
            json.member("notBefore", JSONDate.text(milliseconds: job.draft.notBefore))
            json.member("createdAt", JSONDate.text(milliseconds: job.createdAt))
            json.member("startedAt", job.startedAt.map { JSONDate.text(milliseconds: $0) })
            json.member("updatedAt", JSONDate.text(milliseconds: job.updatedAt))
            json.member("finishedAt", job.finishedAt.map { JSONDate.text(milliseconds: $0) })
        }
    }

    static func write(_ file: JobFile, to json: inout JSONWriter) {
        json.object { json in
            json.member("path", file.path)
            json.member("sha256", file.digest?.hex)
            json.member("size", file.size)
            json.member("state", file.state.rawValue)
            json.member("bytes", file.state == .done ? file.size : file.bytes)
            json.member("failure", file.failure)
        }
    }

    static func write(_ event: JobEvent, to json: inout JSONWriter) {
        json.object { json in
            json.member("sequence", event.sequence)
            json.member("kind", event.kind)
            json.member("job", event.job)
            json.member("subject", event.subject)
            json.member("content", event.content)
            json.member("at", JSONDate.text(milliseconds: event.at))
        }
    }

    /// Why a job does not go on; a queued one waits for a worker if for nothing else.
    private static func waiting(_ job: Job) -> String? {
        job.waitsFor ?? (job.state == .queued ? "Waits for a worker to be free." : nil)
    }
}

/// Jobs as lines of JSON, in the same shape, for the command line.
package enum JobText {
    package static func json(_ job: Job, rate: JobRate?) -> String {
        var json = JSONWriter()
        JobJSON.write(job, rate: rate, to: &json)
        return String(buffer: json.buffer)
    }

    package static func json(_ file: JobFile) -> String {
        var json = JSONWriter()
        JobJSON.write(file, to: &json)
        return String(buffer: json.buffer)
    }
}
