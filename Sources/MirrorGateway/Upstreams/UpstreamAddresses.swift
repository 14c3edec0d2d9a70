import HubCore

/// Where each dialect keeps what: URL forms only, nothing is sent.
///
/// - SeeAlso: design notes on the wire, `csghub` section 3 and 4, `huggingface` sections 2 and 3.
struct UpstreamAddresses: Sendable {
    let type: UpstreamType
    let base: EgressURL
    /// Where git is: configured, or as the type has it.
    let gitBase: EgressURL

    init(type: UpstreamType, base: EgressURL, git: EgressURL?) {
        self.type = type
        self.base = base
        gitBase = git ?? Self.usualGitBase(type: type, base: base)
    }

    /// The metadata document of a repository; nil where the upstream has none for this kind.
    func metadata(of repository: UpstreamPath) -> EgressURL? {
        switch type {
        case .huggingface, .weir:
            guard repository.kind.isKnownToHuggingFace else { return nil }
            return base.appending(segments: ["api", repository.kind.plural] + Self.names(repository))
        case .opencsg, .csghub:
            return base.appending(segments: ["api", "v1", repository.kind.plural] + Self.names(repository))
        case .modelscope:
            guard repository.kind == .model || repository.kind == .dataset else { return nil }
            return base.appending(segments: ["api", "v1", repository.kind.plural] + Self.names(repository))
        case .gitLFS:
            return nil
        }
    }

    /// The repository as git clones it.
    func git(_ repository: UpstreamPath) -> EgressURL {
        var segments = Self.names(repository)
        if let last = segments.popLast() { segments.append(last + ".git") }
        switch type {
        case .huggingface where repository.kind != .model, .modelscope where repository.kind != .model:
            segments.insert(repository.kind.plural, at: 0)
        case .opencsg, .csghub, .weir: segments.insert(repository.kind.gitPlural, at: 0)
        case .huggingface, .modelscope, .gitLFS: break
        }
        return gitBase.appending(segments: segments)
    }

    /// The LFS server of a repository, below which `objects/batch` is.
    func lfs(_ repository: UpstreamPath) -> EgressURL {
        git(repository).appending(segments: ["info", "lfs"])
    }

    /// A file of a commit by its path; nil where the upstream serves none so.
    func resolve(_ path: String, at commit: CommitID, of repository: UpstreamPath) -> EgressURL? {
        let file = path.split(separator: "/").map(String.init)
        guard !file.isEmpty, type != .gitLFS else { return nil }
        if type == .modelscope {
            // The path stands last: its own clients cut the URL there.
            return metadata(of: repository)?.appending(segments: ["repo"])
                .appending(query: [("Revision", commit.hex), ("FilePath", file.joined(separator: "/"))])
        }
        var segments: [String] = []
        // CSGHub has these routes only below its mounts; `/csg` is the one that takes its own names as they are.
        if type == .opencsg || type == .csghub { segments.append("csg") }
        switch repository.kind {
        case .model: break
        case .dataset, .space: segments.append(repository.kind.plural)
        case .code, .prompt, .mcpserver, .skill:
            guard type == .opencsg || type == .csghub else { return nil }
            segments.append(repository.kind.plural)
        }
        return base.appending(segments: segments + Self.names(repository) + ["resolve", commit.hex] + file)
    }

    private static func names(_ repository: UpstreamPath) -> [String] {
        repository.path.split(separator: "/").map(String.init)
    }

    /// OpenCSG serves git from `sync.` beside `hub.`; all others from where their API is.
    private static func usualGitBase(type: UpstreamType, base: EgressURL) -> EgressURL {
        guard type == .opencsg, base.host.hasPrefix("hub.") else { return base }
        return EgressURL(
            scheme: base.scheme, host: "sync." + base.host.dropFirst("hub.".count), port: base.port, path: "/",
            query: nil)
    }
}

extension RepositoryKind {
    /// The kinds that Hugging Face has; the others are CSGHub's own.
    fileprivate var isKnownToHuggingFace: Bool {
        switch self {
        case .model, .dataset, .space: true
        case .code, .prompt, .mcpserver, .skill: false
        }
    }
}
