/// One path of a revision, as far as ``RevisionScanner`` needs to know it.
package struct RevisionEntry: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case file
        case executable
        /// A symbolic link, with what it points to.
        case link(target: String)
        /// Another repository, put in here by its commit.
        case submodule
    }

    /// With `/` between its parts; relative to the root of the revision.
    package let path: String
    package let kind: Kind
    /// What is in it, where ``RevisionScanner/wantsText(of:size:)`` asks for it.
    package let text: String?

    package init(path: String, kind: Kind = .file, text: String? = nil) {
        self.path = path
        self.kind = kind
        self.text = text
    }
}
