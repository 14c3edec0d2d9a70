/// What the names in a zip archive say it is for.
struct ZipLayout {
    let format: String
    /// Whether there is TorchScript in it.
    let hasCode: Bool
    /// Folders of PyTorch's archives, each with its slash.
    private let torchFolders: Set<String>

    init(names: [String]) {
        var folders: Set<String> = []
        for name in names where name.hasSuffix("/data.pkl") || name == "data.pkl" {
            folders.insert(String(name.dropLast("data.pkl".count)))
        }
        torchFolders = folders
        hasCode = names.contains { name in
            folders.contains { name.hasPrefix($0 + "code/") } || name.hasSuffix(".debug_pkl")
        }
        let files = names.filter { !$0.hasSuffix("/") }
        if !folders.isEmpty {
            format = hasCode ? "torchscript" : "torch"
        } else if files.contains("config.json"), files.contains("metadata.json") {
            format = "keras"
        } else if !files.isEmpty, files.allSatisfy({ $0.hasSuffix(".npy") }) {
            format = "npz"
        } else {
            format = "zip"
        }
    }

    /// Whether it is the bytes of a tensor, which PyTorch takes as they are.
    func isStorage(_ name: String) -> Bool {
        for folder in torchFolders where name.hasPrefix(folder) {
            let rest = name.dropFirst(folder.count)
            for kind in ["data/", "tensors/", "constants/"] where rest.hasPrefix(kind) {
                let key = rest.dropFirst(kind.count)
                if !key.isEmpty, key.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
            }
        }
        return false
    }
}
