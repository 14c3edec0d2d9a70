import Crypto
import Foundation

/// What a repository's collector remembers: the objects that no ref reached when it looked, since when, and what their
/// files looked like then.
struct UnreachableObjects: Sendable, Hashable {
    struct Mark: Sendable, Hashable {
        /// Milliseconds since 1970.
        var markedAt: Int64
        /// When the file that holds the object was last written or touched, in nanoseconds.
        var stamp: Int64
    }

    /// What refs and files there were; the same ones need no second look.
    var fingerprint = ""
    var marks: [ObjectID: Mark] = [:]

    /// Carries the marks over to what is unreachable now. An object that was touched since has been wanted again.
    /// - Parameter unreachable: the objects with the stamps of their files.
    mutating func update(_ unreachable: [ObjectID: Int64], now: Int64) {
        marks = unreachable.reduce(into: [:]) { marks, found in
            var mark = Mark(markedAt: now, stamp: found.value)
            if let known = self.marks[found.key], known.stamp == found.value, known.markedAt <= now {
                mark.markedAt = known.markedAt
            }
            marks[found.key] = mark
        }
    }

    /// Says that objects lie in another file now, which nobody has touched since.
    mutating func move(_ ids: some Sequence<ObjectID>, to stamp: Int64) {
        for id in ids where marks[id] != nil { marks[id]?.stamp = stamp }
    }

    func due(now: Int64, grace: Int64) -> Set<ObjectID> {
        Set(marks.filter { now - $0.value.markedAt >= grace }.keys)
    }

    // MARK: The file

    private static func path(_ repository: String) -> String { "\(repository)/unreachable" }

    /// What is remembered of a repository; nothing when the file is not there or cannot be read. Blocks.
    init(of repository: String) {
        guard let data = FileManager.default.contents(atPath: Self.path(repository)) else { return }
        let lines = data.split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else { return }
        fingerprint = String(decoding: first, as: UTF8.self)
        for line in lines.dropFirst() {
            let words = line.split(separator: UInt8(ascii: " "))
            guard words.count == 3, let id = ObjectID(hexDigits: words[0]),
                let markedAt = Int64(String(decoding: words[1], as: UTF8.self)),
                let stamp = Int64(String(decoding: words[2], as: UTF8.self))
            else { continue }
            marks[id] = Mark(markedAt: markedAt, stamp: stamp)
        }
    }

    init() {}

    /// Writes the file. Blocks.
    func write(to repository: String) throws {
        var text = fingerprint + "\n"
        for (id, mark) in marks.sorted(by: { $0.key < $1.key }) {
            text += "\(id.hex) \(mark.markedAt) \(mark.stamp)\n"
        }
        try DurableFiles.replace(Self.path(repository), with: Array(text.utf8))
    }

    /// Names a state of refs and files.
    static func fingerprint(roots: [ObjectID], folder: ObjectFolder) -> String {
        var hash = SHA256()
        for id in roots.sorted() + [.zero] + folder.packs.map(\.name).sorted() + [.zero]
            + folder.loose.map(\.id).sorted()
        {
            hash.update(data: id.bytes)
        }
        return Hexadecimal.encode(Array(hash.finalize()))
    }
}
