/// A language whose words can be told apart.
package enum SourceLanguage: String, Sendable, CaseIterable {
    case python, json, yaml, toml, markdown, shell, javascript, c, swift, rust, go, sql, html, dockerfile

    /// Of a file, by its name; nil for one that is shown as it is.
    package init?(path: String) {
        let name = (path.split(separator: "/").last.map(String.init) ?? path).lowercased()
        if name == "dockerfile" || name.hasPrefix("dockerfile.") || name == "containerfile" {
            self = .dockerfile
            return
        }
        if let known = Self.names[name] {
            self = known
            return
        }
        guard let dot = name.lastIndex(of: ".") else { return nil }
        self.init(name: String(name[name.index(after: dot)...]))
    }

    /// Of a fenced block, by the word behind the fence, or an extension of a file's name.
    package init?(name: String) {
        guard let language = Self.words[name.lowercased()] else { return nil }
        self = language
    }

    private static let names: [String: SourceLanguage] = [
        "makefile": .shell, ".gitattributes": .toml, ".gitignore": .toml, ".bashrc": .shell, ".profile": .shell,
        "cargo.lock": .toml, "poetry.lock": .toml, "pipfile": .toml, ".env": .toml, "go.mod": .go,
        ".editorconfig": .toml, ".dockerignore": .toml, "modelfile": .dockerfile,
    ]

    private static let words: [String: SourceLanguage] = [
        "py": .python, "python": .python, "python3": .python, "pyi": .python, "pycon": .python, "ipython": .python,
        "json": .json, "jsonl": .json, "json5": .json, "jsonc": .json, "ipynb": .json, "ndjson": .json,
        "yaml": .yaml, "yml": .yaml, "toml": .toml, "ini": .toml, "cfg": .toml, "conf": .toml, "properties": .toml,
        "md": .markdown, "markdown": .markdown, "mdx": .markdown,
        "sh": .shell, "bash": .shell, "shell": .shell, "zsh": .shell, "console": .shell, "ksh": .shell,
        "js": .javascript, "javascript": .javascript, "mjs": .javascript, "cjs": .javascript, "jsx": .javascript,
        "ts": .javascript, "typescript": .javascript, "tsx": .javascript,
        "c": .c, "h": .c, "cc": .c, "cpp": .c, "c++": .c, "cxx": .c, "hpp": .c, "cu": .c, "cuh": .c, "cuda": .c,
        "java": .c, "kotlin": .c, "kt": .c, "cs": .c, "csharp": .c, "metal": .c, "glsl": .c, "proto": .c,
        "swift": .swift, "rust": .rust, "rs": .rust, "go": .go, "golang": .go, "sql": .sql,
        "html": .html, "htm": .html, "xml": .html, "svg": .html, "xhtml": .html, "vue": .html, "jinja": .html,
        "dockerfile": .dockerfile, "docker": .dockerfile,
    ]
}
