import Foundation
import Policies

/// The files below a folder, or one file: links are listed, and never followed.
struct ScannedTree {
    let isFolder: Bool
    /// Paths below the root, or the name of the one file.
    let files: [String]
    private let links: [String: String]
    private let root: URL

    /// - Returns: nil when there is nothing of that name.
    init?(_ path: String) throws {
        let url = URL(fileURLWithPath: path)
        let manager = FileManager.default
        var isDirectory: ObjCBool = false
        guard manager.fileExists(atPath: url.path, isDirectory: &isDirectory) else { return nil }
        isFolder = isDirectory.boolValue
        guard isFolder else {
            root = url.deletingLastPathComponent()
            files = [url.lastPathComponent]
            links = [:]
            return
        }
        root = url
        var files: [String] = []
        var links: [String: String] = [:]
        var folders = [""]
        while let folder = folders.popLast() {
            for name in try manager.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path) {
                // The repository's own folder is not part of a revision.
                if folder.isEmpty, name == ".git" { continue }
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                let full = root.appendingPathComponent(path).path
                let type = try manager.attributesOfItem(atPath: full)[.type] as? FileAttributeType
                switch type {
                case .typeDirectory: folders.append(path)
                case .typeSymbolicLink: links[path] = try manager.destinationOfSymbolicLink(atPath: full)
                default: files.append(path)
                }
            }
        }
        self.files = files.sorted()
        self.links = links
    }

    func path(of name: String) -> String { root.appendingPathComponent(name).path }

    /// As the scanner of revisions takes them.
    func entries() throws -> [RevisionEntry] {
        var entries = links.map { RevisionEntry(path: $0.key, kind: .link(target: $0.value)) }
        for name in files {
            let path = path(of: name)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let size = (attributes[.size] as? NSNumber)?.int64Value ?? Int64.max
            var text: String?
            if RevisionScanner.wantsText(of: name, size: size), attributes[.type] as? FileAttributeType == .typeRegular,
                let bytes = FileManager.default.contents(atPath: path)
            {
                text = String(decoding: bytes, as: UTF8.self)
            }
            entries.append(RevisionEntry(path: name, text: text))
        }
        return entries.sorted { $0.path < $1.path }
    }
}
