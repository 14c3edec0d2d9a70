/// What stands before the pack in a git bundle, version 2.
///
/// - SeeAlso: gitformat-bundle(5)
package struct GitBundleHeader: Sendable, Hashable {
    /// Commits that whoever reads it has to have already.
    package var prerequisites: [CommitID]
    /// What it brings; `HEAD` is left out when it is read, as another name of a branch.
    package var refs: [(name: RefName, target: ObjectID)] { named.map { ($0.name, $0.target) } }

    private struct Named: Sendable, Hashable {
        let name: RefName
        let target: ObjectID
    }

    private var named: [Named]

    private static let signature = "# v2 git bundle"
    /// Bytes that a header may have.
    package static let largest = 16 << 20

    package init(prerequisites: [CommitID], refs: [(name: RefName, target: ObjectID)]) {
        self.prerequisites = prerequisites
        named = refs.map { Named(name: $0.name, target: $0.target) }
    }

    /// The header's bytes up to the pack.
    /// - Parameter head: the branch that a clone of the bundle checks out.
    package func encoded(head: RefName?) -> [UInt8] {
        var text = Self.signature + "\n"
        for commit in prerequisites { text += "-\(commit.hex) \n" }
        if let head, let target = named.first(where: { $0.name == head })?.target { text += "\(target.hex) HEAD\n" }
        for ref in named { text += "\(ref.target.hex) \(ref.name.name)\n" }
        return Array((text + "\n").utf8)
    }

    /// Reads a header from the beginning of a bundle.
    /// - Returns: the header and how many bytes it takes; nil when it does not end within `bytes`.
    /// - Throws: `.unprocessable` for what is none.
    package static func parse(_ bytes: [UInt8]) throws -> (header: GitBundleHeader, length: Int)? {
        var (header, rest) = (GitBundleHeader(prerequisites: [], refs: []), bytes[...])
        var isFirst = true
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if isFirst {
                guard line.elementsEqual(signature.utf8) else { throw Self.wrong("it begins with another line") }
                isFirst = false
            } else if line.isEmpty {
                return (header, rest.startIndex)
            } else if line.first == UInt8(ascii: "-") {
                guard let id = ObjectID(hexDigits: line.dropFirst().prefix(40)), line.count <= 4096 else {
                    throw Self.wrong("a prerequisite is no object id")
                }
                header.prerequisites.append(id)
            } else {
                guard let id = ObjectID(hexDigits: line.prefix(40)), line.dropFirst(40).first == UInt8(ascii: " ")
                else {
                    throw Self.wrong("a line names no object")
                }
                let text = line.dropFirst(41)
                if text.elementsEqual("HEAD".utf8) { continue }
                guard let full = String(validating: text, as: UTF8.self), let name = RefName(full) else {
                    throw Self.wrong("a ref has a name that git does not take")
                }
                header.named.append(Named(name: name, target: id))
            }
        }
        return nil
    }

    private static func wrong(_ why: String) -> HubError {
        HubError(.unprocessable, "The git bundle cannot be read: \(why).")
    }
}
