/// Which paths of a repository a grant is about.
///
/// Patterns begin at the root, as git's pathspecs do, and name files, or folders with everything in them: `labels` and
/// `labels/**` are the same, `**/*.key` is every file so called, `data/*/raw` that folder in each folder of `data`. `*`,
/// `?` and brackets stay within one name. Case counts, as it does in git.
package struct PathScope: Sendable, Hashable {
    /// As it was written.
    package let text: String
    private let pattern: PathPattern

    /// The longest pattern taken, in bytes.
    static let maximumByteCount = 500

    /// - Throws: `.badRequest` for what can match no path.
    package init(parsing text: String) throws {
        var names = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        // A folder is all that is in it, and would be shown empty if only that were hidden.
        if names.count > 1, let last = names.last, last.isEmpty || last.elementsEqual("**".utf8) { names.removeLast() }
        let isPlain = names.allSatisfy { name in
            !name.isEmpty && !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8)
                && name.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
        guard isPlain, text.utf8.count <= Self.maximumByteCount, text.utf8.first != UInt8(ascii: "!"),
            let pattern = PathPattern([UInt8(ascii: "/")] + Array(names.joined(separator: [UInt8(ascii: "/")])))
        else {
            throw HubError(
                .badRequest, "'\(text.prefix(200))' is no pattern for paths.",
                remedy: "Write it from the root, as 'data/pii/**' or '**/*.key'.")
        }
        self.text = text
        self.pattern = pattern
    }

    /// Whether this is about a path, given as its names, or about a folder it is in.
    func covers(_ names: [[UInt8]]) -> Bool { pattern.covers(names[...]) }
}

/// Which refs of a repository a grant is about: `refs/heads/release/*`, or `release/*` for branches.
///
/// `*` stays between two slashes, `**` does not.
package struct RefScope: Sendable, Hashable {
    /// The full pattern.
    package let text: String
    private let pattern: PathPattern

    /// - Throws: `.badRequest` for what can match no ref.
    package init(parsing text: String) throws {
        let full = text.hasPrefix("refs/") ? text : "refs/heads/\(text)"
        guard !text.isEmpty, full.utf8.count <= 255, full.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            let pattern = PathPattern(Array(full.utf8))
        else {
            throw HubError(
                .badRequest, "'\(text.prefix(200))' is no pattern for refs.",
                remedy: "Write it as 'refs/heads/release/*', or 'release/*' for branches.")
        }
        self.text = full
        self.pattern = pattern
    }

    /// Whether this is about a ref.
    func covers(_ ref: RefName) -> Bool {
        let names = ref.name.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) }
        return pattern.matches(names[...])
    }
}
