/// One change of a commit. Changes apply in order; a later one to the same path wins.
package enum TreeChange: Hashable, Sendable {
    /// Puts a stored blob at a path, replacing a file there. Where nobody says whether it may be run (nil), it is as the
    /// file that it replaces.
    case put(path: GitPath, blob: ObjectID, executable: Bool?)
    /// Removes the file or the whole folder at a path.
    case delete(path: GitPath)

    /// The path changed.
    package var path: GitPath {
        switch self {
        case .put(let path, _, _), .delete(let path): path
        }
    }
}
