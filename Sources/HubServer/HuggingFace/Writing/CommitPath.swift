import HubCore

/// A path as clients put it into a commit.
enum CommitPath {
    /// - Throws: `.unprocessable` for what a tree may not hold, or what Windows would take for another folder.
    static func parse(_ text: String) throws -> GitPath {
        let isEscape = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).contains { $0 == ".." || $0 == "." }
        guard !isEscape, let path = GitPath(text) else {
            throw HubError(.unprocessable, "'\(text)' is not a valid path in a repository.")
        }
        return path
    }

    /// A folder's path, which may end with a slash.
    static func parse(folder text: String) throws -> GitPath {
        try parse(text.hasSuffix("/") ? String(text.dropLast()) : text)
    }
}
