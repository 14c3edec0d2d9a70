import HubCore

/// Gathers the files of a revision page by page, and does not believe everything.
struct FileGathering {
    private let failures: UpstreamFailures
    private let question: String
    private(set) var files: [RemoteFile] = []
    private var paths: Set<String> = []
    private var requests = 0
    private var bytes = 0
    private var total: Int64 = 0

    init(_ failures: UpstreamFailures, question: String) {
        self.failures = failures
        self.question = question
    }

    /// Counts an answer.
    /// - Throws: `.upstreamCorrupt` when there have been too many.
    mutating func count(_ answer: UpstreamAnswer) throws {
        requests += 1
        bytes += answer.body.count
        guard requests <= BrowseBounds.fileRequests, bytes <= BrowseBounds.fileListing else {
            throw failures.corrupt(question, "a list without an end")
        }
    }

    /// - Throws: `.upstreamCorrupt` for a file that cannot be one, that was named before, or is one too many.
    mutating func add(path: String?, size: Int64?, digest: BlobID?) throws {
        guard let path, Self.isPath(path) else { throw failures.corrupt(question, "a file without a proper name") }
        guard let size, size >= 0 else { throw failures.corrupt(question, "a file without a size") }
        let (sum, overflow) = total.addingReportingOverflow(size)
        guard !overflow else { throw failures.corrupt(question, "sizes that nothing could hold") }
        total = sum
        guard paths.insert(path).inserted else { throw failures.corrupt(question, "the same file twice") }
        guard files.count < BrowseBounds.files else { throw failures.corrupt(question, "too many files") }
        files.append(RemoteFile(path: path, size: size, digest: digest))
    }

    /// A path that git would take: relative, without empty or dot segments.
    static func isPath(_ path: String) -> Bool {
        guard !path.isEmpty, path.utf8.count <= BrowseBounds.path, !path.utf8.contains(0) else { return false }
        return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && $0 != "." && $0 != ".." && $0.lowercased() != ".git"
        }
    }
}
