/// What a push brings that rules look at.
struct PushedContents: Sendable, Hashable {
    /// A file above the size that was asked about.
    struct LargeFile: Sendable, Hashable {
        var path: String
        /// Bytes.
        var size: Int64
    }

    /// A file that stands for one in the blob store, and a commit that has it.
    struct Pointer: Sendable, Hashable {
        var pointer: LFSPointer
        var commit: CommitID?
        var path: String
    }

    /// A file that was looked out for.
    struct WatchedFile: Sendable, Hashable {
        var blob: ObjectID
        var path: String
    }

    /// The first few.
    var largeFiles: [LargeFile] = []
    /// All.
    var pointers: [Pointer] = []
    /// A file among those that were looked out for.
    var watched: WatchedFile?
}

/// Reads what two runs of `git cat-file` say about new objects, however their output is cut. Pure.
struct PushedContentsReader: Sendable {
    /// A blob as small as a pointer.
    struct Candidate: Sendable, Hashable {
        var blob: ObjectID
        var commit: CommitID?
        var path: String
    }

    /// Files that are named to people; one is enough to refuse a push.
    private static let namedFiles = 10

    private let largest: Int64
    private let watched: Set<ObjectID>
    private var commit: CommitID?
    private var pending: [UInt8] = []
    private var answered = 0
    private(set) var candidates: [Candidate] = []
    private(set) var contents = PushedContents()

    /// - Parameter watched: names of files of which one is to be told.
    init(largest: Int64, watched: Set<ObjectID> = []) {
        self.largest = largest
        self.watched = watched
    }

    /// Takes lines `<type> SP <id> SP <size> SP <path>`, commits before what they brought.
    mutating func append(facts bytes: ArraySlice<UInt8>) {
        pending.append(contentsOf: bytes)
        var rest = pending[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end])
            rest = rest[(end + 1)...]
        }
        pending = Array(rest)
    }

    /// Takes `<id> SP blob SP <size> LF <bytes> LF` for each candidate, in their order.
    mutating func append(texts bytes: ArraySlice<UInt8>) {
        pending.append(contentsOf: bytes)
        var rest = pending[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let head = rest[..<end].split(separator: UInt8(ascii: " "))
            guard head.count == 3, let size = Int(String(decoding: head[2], as: UTF8.self)) else { break }
            let text = rest[(end + 1)...]
            guard text.count > size, answered < candidates.count else { break }
            if let pointer = LFSPointer(parsing: Array(text.prefix(size))) {
                let candidate = candidates[answered]
                contents.pointers.append(
                    PushedContents.Pointer(pointer: pointer, commit: candidate.commit, path: candidate.path))
            }
            answered += 1
            rest = text.dropFirst(size + 1)
        }
        pending = Array(rest)
    }

    private mutating func take(_ line: ArraySlice<UInt8>) {
        let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count >= 3, let id = ObjectID(hexDigits: fields[1]) else { return }
        if fields[0].elementsEqual("commit".utf8) { commit = id }
        guard fields[0].elementsEqual("blob".utf8), let size = Int64(String(decoding: fields[2], as: UTF8.self)) else {
            return
        }
        let path = fields.count > 3 ? String(decoding: fields[3], as: UTF8.self) : id.hex
        if watched.contains(id), contents.watched == nil {
            contents.watched = PushedContents.WatchedFile(blob: id, path: path)
        }
        if size > largest {
            if contents.largeFiles.count < Self.namedFiles {
                contents.largeFiles.append(PushedContents.LargeFile(path: path, size: size))
            }
        } else if size >= LFSPointer.minimumByteCount, size <= LFSPointer.maximumByteCount {
            candidates.append(Candidate(blob: id, commit: commit, path: path))
        }
    }
}
