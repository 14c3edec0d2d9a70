/// What a client asks for: a commit, the beginning of one, or a ref by its full or short name.
package enum Revision: Hashable, Sendable, CustomStringConvertible {
    /// A full commit id: pinned, never asks an upstream once it is stored.
    case commit(CommitID)
    /// 4 to 39 hex digits as they were written, for they may also be the name of a branch or a tag.
    case abbreviated(String)
    /// A branch or tag by short name (`main`, `v1.0`).
    case name(String)
    /// A full ref name (`refs/pr/1`).
    case ref(RefName)

    /// Nil for anything that git would not accept as a revision name.
    package init?(_ text: String) {
        if let commit = CommitID(text) {
            self = .commit(commit)
        } else if text.hasPrefix("refs/") {
            guard let name = RefName(text) else { return nil }
            self = .ref(name)
        } else if RefName.branch(text) == nil {
            return nil
        } else if (4...39).contains(text.utf8.count), text.utf8.allSatisfy(Self.isHexDigit) {
            self = .abbreviated(text)
        } else {
            self = .name(text)
        }
    }

    package var description: String {
        switch self {
        case .commit(let id): id.hex
        case .abbreviated(let text), .name(let text): text
        case .ref(let name): name.name
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
    }
}
