import HubCore

/// What the bearer of a token of ours may do with the content-addressed storage, and for how long.
///
/// It names a caller and a repository; that the caller still may, is decided when it is used (S5).
struct XetGrant: Sendable, Hashable {
    enum Operation: Sendable, Hashable {
        case read
        case write
        /// Upload what a pull request will name.
        case propose
        /// Read these chunks of this blob, as its xorb of this number has them.
        case fetch(BlobID, xorb: Int, chunks: Range<Int>)
    }

    let operation: Operation
    let repository: RepositoryID
    let repositoryKey: Int64
    /// The caller's access token; 0 for nobody in particular.
    let tokenID: Int64
    /// Seconds since 1970.
    let expiry: Int64

    /// All fields but the signature, as they stand in the token. The repository is last: its name may hold dots.
    var text: String {
        "\(operation.text).\(tokenID).\(expiry).\(repositoryKey).\(repository.kind.rawValue)/\(repository.path)"
    }

    init(
        operation: Operation, repository: RepositoryID, repositoryKey: Int64, tokenID: Int64, expiry: Int64
    ) {
        self.operation = operation
        self.repository = repository
        self.repositoryKey = repositoryKey
        self.tokenID = tokenID
        self.expiry = expiry
    }

    /// Reads what `text` wrote; nil for anything else.
    init?(_ text: some StringProtocol) {
        let fields = text.split(separator: ".", maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count == 5, let operation = Operation(fields[0]), let token = Int64(fields[1]),
            let expiry = Int64(fields[2]), let key = Int64(fields[3])
        else { return nil }
        let names = fields[4].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard names.count == 2, let kind = RepositoryKind(rawValue: String(names[0])),
            let id = RepositoryID(kind: kind, path: names[1])
        else { return nil }
        self.init(operation: operation, repository: id, repositoryKey: key, tokenID: token, expiry: expiry)
    }
}

extension XetGrant.Operation {
    /// What the repository is opened for.
    var verb: Verb {
        switch self {
        case .read, .fetch: .contentRead
        case .write: .contentWrite
        case .propose: .discuss
        }
    }

    var isUpload: Bool { self == .write || self == .propose }

    fileprivate var text: String {
        switch self {
        case .read: "r"
        case .write: "w"
        case .propose: "p"
        case .fetch(let blob, let xorb, let chunks):
            "f-\(blob.hex)-\(xorb)-\(chunks.lowerBound)-\(chunks.upperBound)"
        }
    }

    fileprivate init?(_ text: some StringProtocol) {
        switch text {
        case "r": self = .read
        case "w": self = .write
        case "p": self = .propose
        default:
            let fields = text.split(separator: "-", omittingEmptySubsequences: false)
            guard fields.count == 5, fields[0] == "f", let blob = BlobID(String(fields[1])),
                let xorb = Int(fields[2]), let start = Int(fields[3]), let end = Int(fields[4]),
                xorb >= 0, start >= 0, start < end
            else { return nil }
            self = .fetch(blob, xorb: xorb, chunks: start..<end)
        }
    }
}
