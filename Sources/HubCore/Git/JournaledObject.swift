import CGit2
import Crypto

/// A git object as the journal keeps it: what its name is the hash of, so that it can be put back without its file.
package struct JournaledObject: Sendable, Hashable {
    /// The word of git's object header.
    package enum Kind: String, Sendable, CaseIterable {
        case blob, tree, commit, tag
    }

    let kind: Kind
    let bytes: [UInt8]

    /// What git hashes and stores: the header `KIND SIZE`, a NUL, the content.
    var encoded: [UInt8] { Array(header.utf8) + bytes }

    /// Bytes of `encoded`.
    var encodedCount: Int { header.utf8.count + bytes.count }

    private var header: String { "\(kind.rawValue) \(bytes.count)\0" }

    var id: ObjectID { ObjectID(bytes: Array(Insecure.SHA1.hash(data: encoded))) ?? .zero }

    /// Objects from their encodings, one after the other; nil when the bytes are no such thing.
    static func parse(_ bytes: [UInt8]) -> [JournaledObject]? {
        var rest = bytes[...]
        var objects: [JournaledObject] = []
        while !rest.isEmpty {
            // The longest header is a word of six letters and a size.
            guard let end = rest.prefix(32).firstIndex(of: 0) else { return nil }
            let words = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
            rest = rest[(end + 1)...]
            guard words.count == 2, let kind = Kind(rawValue: String(words[0])), let size = Int(words[1]),
                size >= 0, size <= rest.count
            else { return nil }
            objects.append(JournaledObject(kind: kind, bytes: Array(rest.prefix(size))))
            rest = rest.dropFirst(size)
        }
        return objects
    }
}

extension JournaledObject.Kind {
    /// - Returns: nil for what is no object.
    init?(_ type: git_object_t) {
        guard let kind = Self.allCases.first(where: { $0.type == type }) else { return nil }
        self = kind
    }

    var type: git_object_t {
        switch self {
        case .blob: GIT_OBJECT_BLOB
        case .tree: GIT_OBJECT_TREE
        case .commit: GIT_OBJECT_COMMIT
        case .tag: GIT_OBJECT_TAG
        }
    }
}
