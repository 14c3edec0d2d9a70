/// Ways to use a repository from other programs, each with this hub's address and a revision that does not move.
package struct Snippets: Sendable {
    package struct Snippet: Sendable, Hashable {
        package let id: String
        /// Name of the program or library.
        package let title: String
        package let language: String
        package let code: String
        /// What has to be known beside it.
        package let note: String?
    }

    /// What is known of a repository that decides which programs can use it.
    package struct Subject: Sendable, Hashable {
        package var kind: RepositoryHeader.Kind
        package var path: String
        /// The commit; nil for a repository without one.
        package var commit: String?
        package var needsToken: Bool
        package var library: String?
        package var task: String?
        /// The class that loads it, such as `AutoModelForCausalLM`.
        package var autoClass: String?
        /// Whether there is a tokenizer beside the weights.
        package var hasTokenizer: Bool
        /// The files of the revision that single programs load.
        package var ggufFiles: [String]
        /// A file to show single downloads with.
        package var example: String?

        package init(
            kind: RepositoryHeader.Kind, path: String, commit: String? = nil, needsToken: Bool = false,
            library: String? = nil, task: String? = nil, autoClass: String? = nil, hasTokenizer: Bool = false,
            ggufFiles: [String] = [], example: String? = nil
        ) {
            self.kind = kind
            self.path = path
            self.commit = commit
            self.needsToken = needsToken
            self.library = library
            self.task = task
            self.autoClass = autoClass
            self.hasTokenizer = hasTokenizer
            self.ggufFiles = ggufFiles
            self.example = example
        }
    }

    let subject: Subject
    /// What addresses of this hub begin with.
    let endpoint: String

    package init(_ subject: Subject, endpoint: String) {
        self.subject = subject
        self.endpoint = endpoint
    }

    /// All that fit, the likeliest first.
    package func all(_ t: L10n) -> [Snippet] {
        var found: [Snippet] = []
        switch subject.kind {
        case .models: found += libraries(t)
        case .datasets: found.append(datasets(t))
        default: break
        }
        if [.models, .datasets, .spaces].contains(subject.kind) { found.append(huggingFace(t)) }
        found.append(clone(t))
        if let file = subject.example { found.append(curl(file, t)) }
        if subject.kind != .prompts { found.append(csghub(t)) }
        return found
    }

    // MARK: Libraries

    private func libraries(_ t: L10n) -> [Snippet] {
        var found: [Snippet] = []
        let library = subject.library?.lowercased()
        switch library {
        case "diffusers": found.append(diffusers)
        case "sentence-transformers": found += [sentenceTransformers, transformers(t)].compactMap(\.self)
        default: found += [transformers(t)].compactMap(\.self)
        }
        let isGenerating = subject.task == "text-generation" || subject.autoClass == "AutoModelForCausalLM"
        if isGenerating, subject.ggufFiles.isEmpty { found.append(vllm(t)) }
        if let file = subject.ggufFiles.first {
            found.append(llama(file, t))
            found.append(ollama(file, t))
        }
        return found
    }

    private func transformers(_ t: L10n) -> Snippet? {
        guard subject.autoClass != nil || ["transformers", "sentence-transformers"].contains(subject.library ?? "")
        else { return nil }
        let type = subject.autoClass ?? "AutoModel"
        let imports = subject.hasTokenizer ? "\(type), AutoTokenizer" : type
        let tokenizer = subject.hasTokenizer ? "tokenizer = AutoTokenizer.from_pretrained(\(pinned))\n" : ""
        return python(
            "transformers", "Transformers",
            """
            from transformers import \(imports)

            \(tokenizer)model = \(type).from_pretrained(\(pinned))
            """)
    }

    private var diffusers: Snippet {
        python(
            "diffusers", "Diffusers",
            """
            from diffusers import DiffusionPipeline

            pipe = DiffusionPipeline.from_pretrained(\(pinned))
            """)
    }

    private var sentenceTransformers: Snippet {
        python(
            "sentence-transformers", "Sentence Transformers",
            """
            from sentence_transformers import SentenceTransformer

            model = SentenceTransformer(\(pinned))
            embeddings = model.encode(["Hello", "你好"])
            """)
    }

    private func datasets(_ t: L10n) -> Snippet {
        python(
            "datasets", "Datasets",
            """
            from datasets import load_dataset

            data = load_dataset(\(pinned))
            """)
    }

    /// Libraries read the address when they are loaded, so it is set before.
    private func python(_ id: String, _ title: String, _ code: String) -> Snippet {
        Snippet(
            id: id, title: title, language: "python",
            code: """
                import os
                os.environ["HF_ENDPOINT"] = \(Self.quoted(endpoint))

                \(code)
                """, note: nil)
    }

    private var pinned: String {
        let name = Self.quoted(subject.path)
        return subject.commit.map { "\(name), revision=\(Self.quoted($0))" } ?? name
    }

    private func vllm(_ t: L10n) -> Snippet {
        let revision = subject.commit.map { " --revision \($0)" } ?? ""
        return Snippet(
            id: "vllm", title: "vLLM", language: "sh",
            code: "export HF_ENDPOINT=\(endpoint)\nvllm serve \(subject.path)\(revision)", note: nil)
    }

    private func llama(_ file: String, _ t: L10n) -> Snippet {
        Snippet(
            id: "llama", title: "llama.cpp", language: "sh",
            code: "llama-server --model-url \(Self.shell(download(file)))", note: nil)
    }

    private func ollama(_ file: String, _ t: L10n) -> Snippet {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        let short = subject.path.split(separator: "/").last.map { $0.lowercased() } ?? "model"
        return Snippet(
            id: "ollama", title: "Ollama", language: "sh",
            code: """
                curl -fL\(authorization) -o \(Self.shell(name)) \(Self.shell(download(file)))
                echo \(Self.shell("FROM ./\(name)")) > Modelfile
                ollama create \(short) -f Modelfile
                """, note: nil)
    }

    // MARK: Downloads

    private func huggingFace(_ t: L10n) -> Snippet {
        let type =
            switch subject.kind {
            case .datasets: " --repo-type dataset"
            case .spaces: " --repo-type space"
            default: ""
            }
        let revision = subject.commit.map { " --revision \($0)" } ?? ""
        return Snippet(
            id: "hf", title: "hf download", language: "sh",
            code: "export HF_ENDPOINT=\(endpoint)\nhf download \(subject.path)\(type)\(revision)",
            note: subject.needsToken ? t.snippetTokenHF : nil)
    }

    private func clone(_ t: L10n) -> Snippet {
        let name = subject.path.split(separator: "/").last.map(String.init) ?? "repository"
        let pin = subject.commit.map { "\ngit -C \(name) checkout \($0)" } ?? ""
        return Snippet(
            id: "git", title: "git clone", language: "sh",
            code: "git lfs install\ngit clone \(endpoint)/\(subject.kind.gitWord)/\(subject.path).git\(pin)",
            note: subject.needsToken ? t.snippetTokenGit : t.snippetWithoutLFS)
    }

    private func curl(_ file: String, _ t: L10n) -> Snippet {
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return Snippet(
            id: "curl", title: "curl", language: "sh",
            code: "curl -fL\(authorization) -o \(Self.shell(name)) \(Self.shell(download(file)))",
            note: subject.needsToken ? t.snippetTokenCurl : nil)
    }

    private func csghub(_ t: L10n) -> Snippet {
        let revision = subject.commit.map { " --revision \($0)" } ?? ""
        let token = subject.needsToken ? " -k $CSGHUB_TOKEN" : ""
        return Snippet(
            id: "csghub", title: "csghub-cli", language: "sh",
            code: """
                export CSGHUB_DOMAIN=\(endpoint)
                csghub-cli download -t \(subject.kind.csghubWord)\(token)\(revision) \(subject.path)
                """, note: nil)
    }

    private var authorization: String { subject.needsToken ? " -H \"Authorization: Bearer $HF_TOKEN\"" : "" }

    private func download(_ file: String) -> String {
        let kind = subject.kind == .models ? "" : "/\(subject.kind.rawValue)"
        return "\(endpoint)\(kind)/\(subject.path)/resolve/\(subject.commit ?? "main")/\(URLText.path(file))"
    }

    /// A string of Python.
    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    /// One word of a shell, whatever is in it.
    static func shell(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._/:%~".utf8.contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: "'\\''"))'"
    }

    // MARK: Views

    /// All of them, of which one is shown; nothing has to run for that.
    func view(_ context: PageContext) -> HTML {
        let t = context.t
        let ways = all(t).map {
            SnippetTabs.Way($0.title, code: $0.code, language: $0.language, note: $0.note)
        }
        let token: HTML =
            subject.needsToken
            ? "<p class=\"hint\">\(t.snippetNeedsToken) <a href=\"/settings/tokens\">\(t.snippetMakeToken)</a></p>"
            : ""
        return "\(token)\(SnippetTabs.view(id: "use", label: t.useThis(subject.kind), ways, context))"
    }
}

extension RepositoryHeader.Kind {
    /// The word of clone addresses.
    var gitWord: String { self == .mcps ? "mcpservers" : rawValue }
    /// The word of CSGHub's command.
    var csghubWord: String { self == .mcps ? "mcpserver" : String(rawValue.dropLast()) }
}

/// All ways to use a repository, on a page of their own.
package struct SnippetsPage: Sendable {
    let header: RepositoryHeader
    let snippets: Snippets

    package init(header: RepositoryHeader, snippets: Snippets) {
        self.header = header
        self.snippets = snippets
    }

    package func page(_ context: PageContext) -> Page {
        let t = context.t
        let panel: HTML = Panel.view(
            t.useThis(header.kind), id: "use", "<div class=\"panel-body\">\(snippets.view(context))</div>")
        return Page(
            title: "\(t.useThis(header.kind)) · \(header.path)", section: header.kind.section,
            body: "\(header.view(nil, context))<div class=\"snippets-page\">\(panel)</div>", fragments: ["use": panel])
    }
}
