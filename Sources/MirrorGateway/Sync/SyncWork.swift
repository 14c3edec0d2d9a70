import HubCore
import Synchronization

/// What a job has to bring of a repository, put together from its revisions.
struct SyncWork: Sendable {
    /// A large file, named by the first place where it is.
    struct Object: Sendable {
        let file: JobFile
        let pointer: LFSPointer
        let path: String
        let commit: CommitID

        func file(_ state: JobFile.State, bytes: Int64? = nil, failure: String? = nil) -> JobFile {
            var file = file
            file.state = state
            file.bytes = bytes ?? (state == .done ? file.size : 0)
            file.failure = failure
            return file
        }
    }

    private(set) var files: [JobFile] = []
    private(set) var objects: [Object] = []

    /// - Parameter branches: of commits that are here.
    init(_ branches: [SyncPlan.Branch]) {
        var seen: Set<BlobID> = []
        var names: Set<String> = []
        for branch in branches {
            guard let commit = branch.commit else { continue }
            for file in branch.files where file.verdict == .fetch {
                guard let digest = file.digest else {
                    // It came with the commit; the same file of another revision is one line.
                    if names.insert(file.path).inserted {
                        files.append(
                            JobFile(path: file.path, digest: nil, size: file.size, state: .done, bytes: file.size))
                    }
                    continue
                }
                guard seen.insert(digest).inserted else { continue }
                let name = names.insert(file.path).inserted ? file.path : "\(file.path)@\(branch.revision)"
                names.insert(name)
                let line = JobFile(path: name, digest: digest, size: file.size)
                files.append(line)
                objects.append(
                    Object(
                        file: line, pointer: LFSPointer(oid: digest, size: file.size), path: file.path, commit: commit))
            }
        }
    }
}

/// What came of a job's large files.
struct SyncResult: Sendable {
    /// Bytes that came from upstream.
    var fetched: Int64 = 0
    private(set) var failures: [(path: String, error: HubError)] = []
    private var later: [(path: String, error: HubError?)] = []

    mutating func fail(_ file: JobFile, _ error: HubError) { failures.append((file.path, error)) }
    mutating func postpone(_ file: JobFile, _ error: HubError?) { later.append((file.path, error)) }

    /// Why the job is not done; nil when it is. What waiting may help comes first.
    func verdict(of work: SyncWork, subject: String) -> HubError? {
        if let cause = later.lazy.compactMap(\.error).first {
            let pause = later.compactMap { $0.error?.retryAfter }.max()
            return HubError(
                cause.code, "\(later.count) of \(work.files.count) files of \(subject) wait: \(cause.message)",
                remedy: cause.remedy, retryAfter: pause)
        }
        guard let first = failures.first else { return nil }
        let told = failures.prefix(3).map { "\($0.path): \($0.error.message)" }.joined(separator: "; ")
        return HubError(
            first.error.code,
            "\(failures.count) of \(work.files.count) files of \(subject) could not be fetched: \(told)"
                + (failures.count > 3 ? "; and others" : ""))
    }
}

/// Adds up what came of a file.
final class SyncMeter: Sendable {
    private let state = Mutex<(bytes: Int64, fetched: Int64)>((0, 0))

    /// - Parameters:
    ///   - bytes: how many are here now.
    ///   - isFetched: whether an upstream gave the latest of them.
    /// - Returns: how many came from upstream since the last time.
    func take(_ bytes: Int64, isFetched: Bool) -> Int64 {
        state.withLock { state in
            let new = isFetched ? max(0, bytes - state.bytes) : 0
            state = (max(state.bytes, bytes), state.fetched + new)
            return new
        }
    }

    var bytes: Int64 { state.withLock { $0.bytes } }
    var fetched: Int64 { state.withLock { $0.fetched } }
}
