import Crypto

/// One digest over all files of a commit.
package enum ContentsDigest {
    /// SHA-256 in hex over what `sha256sum` prints for the files, in the byte order of their paths, so that anybody can
    /// make it from a folder: a file's digest, two spaces, its path, a line feed. Backslashes and line feeds in paths
    /// are escaped as that program does, with a backslash before the line, so that no two lists print alike.
    /// - Parameter files: paths and SHA-256 in hex.
    package static func of(_ files: some Sequence<(path: String, sha256: String)>) -> String {
        var hasher = SHA256()
        for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            let path = file.path.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
            let mark = path == file.path ? "" : "\\"
            hasher.update(data: Array("\(mark)\(file.sha256)  \(path)\n".utf8))
        }
        return Hexadecimal.encode(hasher.finalize())
    }
}
