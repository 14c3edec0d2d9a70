import Foundation
import Glibc

/// A file of a folder that is to be imported.
package struct ScannedFile: Sendable, Hashable {
    /// Path in the repository, with slashes.
    package let path: String
    /// Where its bytes are; for a link of a Hugging Face cache snapshot, the blob it points to.
    package let source: String
    /// Bytes.
    package let size: Int64
    package let isExecutable: Bool
}

/// Lists what a folder holds, without following links out of it.
///
/// A Hugging Face cache snapshot (`snapshots/<commit>/…`, links to `../../blobs/…`) is read through its links; any other
/// link that leaves the folder is refused, because what is imported must be what was looked at.
package enum FolderScan {
    /// Folders that belong to tools, not to the content.
    private static let skippedFolders: Set<String> = [".git", ".cache"]

    /// - Throws: `.notFound` when the folder does not exist, `.unprocessable` for a link, name or file that cannot be taken.
    package static func files(in folder: String) throws -> [ScannedFile] {
        let root = try realPath(folder)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw HubError(.notFound, "'\(folder)' is not a folder.")
        }
        // <cache>/models--acme--demo/snapshots/<commit> has its bytes in <cache>/models--acme--demo/blobs.
        let parts = root.split(separator: "/")
        let blobs =
            parts.count >= 3 && parts[parts.count - 2] == "snapshots"
            ? "/" + parts.dropLast(2).joined(separator: "/") + "/blobs/" : nil
        var files: [ScannedFile] = []
        try scan(root, prefix: "", root: root + "/", blobs: blobs, into: &files)
        return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private static func scan(
        _ folder: String, prefix: String, root: String, blobs: String?, into files: inout [ScannedFile]
    ) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let full = "\(folder)/\(name)"
            let path = prefix + name
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: full) else {
                throw HubError(
                    .unprocessable, "'\(path)' cannot be read.", remedy: "Check its permissions, and that its name is UTF-8.")
            }
            switch attributes[.type] as? FileAttributeType {
            case .typeDirectory:
                if prefix.isEmpty, skippedFolders.contains(name) { continue }
                try scan(full, prefix: path + "/", root: root, blobs: blobs, into: &files)
            case .typeRegular:
                files.append(try file(path, at: full, attributes))
            case .typeSymbolicLink:
                let target = try realPath(full)
                guard target.hasPrefix(root) || blobs.map({ target.hasPrefix($0) }) == true else {
                    throw HubError(
                        .unprocessable, "'\(path)' is a link that leads out of the folder, to '\(target)'.",
                        remedy: "Replace it by the file it points to.")
                }
                let attributes = try FileManager.default.attributesOfItem(atPath: target)
                guard attributes[.type] as? FileAttributeType == .typeRegular else {
                    throw HubError(.unprocessable, "'\(path)' is a link to something that is not a file.")
                }
                files.append(try file(path, at: target, attributes))
            default:
                throw HubError(.unprocessable, "'\(path)' is neither a file nor a folder.")
            }
        }
    }

    private static func file(_ path: String, at source: String, _ attributes: [FileAttributeKey: Any]) throws -> ScannedFile {
        guard GitPath(path) != nil else {
            throw HubError(.unprocessable, "'\(path)' is not a name that git can store.", remedy: "Rename the file.")
        }
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o644
        return ScannedFile(
            path: path, source: source, size: (attributes[.size] as? NSNumber)?.int64Value ?? 0,
            isExecutable: mode & 0o100 != 0)
    }

    private static func realPath(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else {
            throw HubError(.notFound, "'\(path)' does not exist.")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
