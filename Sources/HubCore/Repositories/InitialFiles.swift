/// What a repository made through an interface holds from its first commit on, as on the community's hub: the lines that
/// say which files are large, and a card where the maker said something about it.
package struct InitialFiles: Sendable {
    /// What a card is begun with, as YAML keys and words without need of quotes.
    package var card: [(key: String, value: String)] = []

    package init() {}

    /// The files for a kind of repository.
    func files(for id: RepositoryID) -> [(name: String, bytes: [UInt8])] {
        var files = [(".gitattributes", Array(Self.attributes(for: id.kind).utf8))]
        if !card.isEmpty {
            let lines = card.map { "\($0.key): \($0.value)\n" }.joined()
            files.append(("README.md", Array("---\n\(lines)---\n".utf8)))
        }
        return files
    }

    private static func attributes(for kind: RepositoryKind) -> String {
        let patterns = kind == .dataset ? common + media : common
        return patterns.map { "\($0) filter=lfs diff=lfs merge=lfs -text\n" }.joined()
    }

    private static let common = [
        "*.7z", "*.arrow", "*.avro", "*.bin", "*.bz2", "*.ckpt", "*.ftz", "*.gguf", "*.gz", "*.h5", "*.joblib",
        "*.lfs.*", "*.lz4", "*.mds", "*.mlmodel", "*.model", "*.msgpack", "*.npy", "*.npz", "*.onnx", "*.ot",
        "*.parquet", "*.pb", "*.pickle", "*.pkl", "*.pt", "*.pth", "*.rar", "*.safetensors", "saved_model/**/*",
        "*.tar.*", "*.tar", "*.tflite", "*.tgz", "*.wasm", "*.xz", "*.zip", "*.zst", "*tfevents*",
    ]

    private static let media = [
        "*.pcm", "*.sam", "*.raw", "*.aac", "*.flac", "*.mp3", "*.ogg", "*.wav", "*.bmp", "*.gif", "*.png", "*.tiff",
        "*.jpg", "*.jpeg", "*.webp", "*.mp4", "*.webm",
    ]
}

extension RepositoryService {
    /// Creates a repository with its first commit.
    /// - Parameter visibility: nil for what its namespace has by default.
    /// - Throws: as `create` without initial files.
    package func create(
        _ id: RepositoryID, visibility: Repository.Visibility?, holding initial: InitialFiles, by principal: Principal,
        authorizer: Authorizer
    ) async throws -> Repository {
        let repository = try await create(id, visibility: visibility, by: principal, authorizer: authorizer)
        guard let main = RefName.branch(repository.defaultBranch) else { return repository }
        let operations = initial.files(for: id).compactMap { name, bytes in
            GitPath(name).map { CommitOperation.write(path: $0, bytes: bytes) }
        }
        _ = try await commit(
            CommitDraft(ref: main, operations: operations, summary: "initial commit"), to: repository)
        return repository
    }
}
