import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The SHA-256 of every file of a folder, as it was cloned or downloaded.
package enum FolderDigests {
    private static let batch = 1 << 20
    private static let maximumFiles = 1_000_000

    /// What tools leave in such a folder and no repository has.
    private static let left = [".git", ".cache/huggingface"]

    /// - Parameters:
    ///   - except: files that are not looked at, such as the signature itself.
    ///   - followsLinks: whether a symbolic link stands for the file it leads to, as in the cache of `hf download`;
    ///     otherwise it is data, as git has it.
    /// - Throws: `.notFound` for a folder that is none, `.storageCorrupt` for a file that cannot be read.
    package static func read(_ folder: String, except: [String] = [], followsLinks: Bool = false) throws -> [FileDigest]
    {
        let root = URL(filePath: folder).resolvingSymlinksInPath().path
        let skipped = Set(except.map { URL(filePath: $0).resolvingSymlinksInPath().path })
        var paths: [(path: String, isLink: Bool)] = []
        var folders = [""]
        while let next = folders.popLast() {
            let names: [String]
            do {
                names = try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(next)")
            } catch {
                throw HubError(.notFound, "The folder '\(folder)' cannot be read.")
            }
            for name in names {
                let path = next.isEmpty ? name : "\(next)/\(name)"
                let full = "\(root)/\(path)"
                guard !left.contains(path), !skipped.contains(full) else { continue }
                let type = try? FileManager.default.attributesOfItem(atPath: full)[.type] as? FileAttributeType
                if type == .typeDirectory {
                    folders.append(path)
                } else {
                    paths.append((path, type == .typeSymbolicLink))
                }
                guard paths.count <= maximumFiles else {
                    throw HubError(.badRequest, "The folder has more than \(maximumFiles) files.")
                }
            }
        }
        return try paths.sorted { $0.path < $1.path }.map { path, isLink in
            let (digest, size) =
                isLink && !followsLinks ? try link(at: "\(root)/\(path)") : try digest(of: "\(root)/\(path)")
            return FileDigest(
                path: path, size: size, sha256: digest, object: .zero, isLarge: false,
                isSymlink: isLink && !followsLinks)
        }
    }

    /// A symbolic link is never followed unseen: its text is its content.
    private static func link(at path: String) throws -> (String, Int64) {
        let text = Array(try FileManager.default.destinationOfSymbolicLink(atPath: path).utf8)
        return (Hexadecimal.encode(SHA256.hash(data: text)), Int64(text.count))
    }

    private static func digest(of path: String) throws -> (String, Int64) {
        let file = try OpenFile(path: URL(filePath: path).resolvingSymlinksInPath().path)
        var hash = SHA256()
        var offset: Int64 = 0
        while offset < file.size {
            let bytes = try file.read(at: offset, count: Int(min(Int64(batch), file.size - offset)))
            guard !bytes.isEmpty else { throw HubError(.storageCorrupt, "The file '\(path)' became shorter.") }
            hash.update(data: bytes)
            offset += Int64(bytes.count)
        }
        return (Hexadecimal.encode(hash.finalize()), offset)
    }
}
