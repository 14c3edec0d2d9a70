import Foundation

/// The empty bare repository every repository begins as. No hooks, no description, no sample files.
enum RepositoryTemplate {
    static let configuration = """
        [core]
        \trepositoryformatversion = 0
        \tbare = true
        \tfilemode = true
        \thooksPath = /dev/null
        \tlogAllRefUpdates = false
        \tprotectHFS = true
        \tprotectNTFS = true
        [gc]
        \tauto = 0

        """

    /// Makes the repository beside the others and moves it into place, so that no half-made one is ever seen.
    static func make(at directory: String, through staging: String) throws {
        let files = FileManager.default
        let made = "\(staging)/\(UUID().uuidString).git"
        defer { try? files.removeItem(atPath: made) }
        for folder in ["objects/info", "objects/pack", "refs/heads", "refs/tags"] {
            try files.createDirectory(atPath: "\(made)/\(folder)", withIntermediateDirectories: true)
        }
        try DurableFiles.replace(made + "/config", with: Array(configuration.utf8))
        try DurableFiles.replace(made + "/HEAD", with: Array("ref: refs/heads/main\n".utf8))
        let parent = (directory as NSString).deletingLastPathComponent
        try files.createDirectory(atPath: parent, withIntermediateDirectories: true)
        do {
            try DurableFiles.move(made, to: directory)
        } catch {
            // Another caller made it meanwhile.
            guard files.fileExists(atPath: directory + "/HEAD") else { throw error }
        }
        try DurableFiles.sync(parent)
        try DurableFiles.sync((parent as NSString).deletingLastPathComponent)
    }
}
