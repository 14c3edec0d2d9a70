/// The whole environment of a git child: nothing is inherited, and settings that matter cannot be overruled by a
/// repository's config.
///
/// - SeeAlso: git-config(1), `GIT_CONFIG_COUNT`.
struct GitEnvironment: Sendable {
    private var variables: [String: String] = [
        "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
        "LC_ALL": "C",
        "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        // No child of ours opens a connection: the one way out is elsewhere.
        "GIT_ALLOW_PROTOCOL": "none",
    ]
    private var settings: [(key: String, value: String)] = []

    /// The settings every child gets.
    init(repository: String) {
        set("safe.directory", repository)
        set("core.hooksPath", "/dev/null")
        set("core.fsync", "all")
        set("core.fsyncMethod", "fsync")
        set("core.packedGitWindowSize", "32m")
        set("core.packedGitLimit", "512m")
        set("core.bigFileThreshold", "16m")
        set("core.quotePath", "false")
        set("core.commitGraph", "true")
        set("gc.auto", "0")
        set("maintenance.auto", "false")
        set("protocol.allow", "never")
        set("pack.threads", "1")
        set("pack.windowMemory", "100m")
        set("transfer.hideRefs", "refs/hub")
        set("log.showSignature", "false")
        set("diff.renames", "false")
    }

    /// Adds or replaces a git setting.
    mutating func set(_ key: String, _ value: String) {
        settings.removeAll { $0.key == key }
        settings.append((key, value))
    }

    /// Adds or replaces an environment variable.
    subscript(name: String) -> String? {
        get { variables[name] }
        set { variables[name] = newValue }
    }

    /// All variables, settings included.
    var all: [String: String] {
        var all = variables
        all["GIT_CONFIG_COUNT"] = String(settings.count)
        for (index, setting) in settings.enumerated() {
            all["GIT_CONFIG_KEY_\(index)"] = setting.key
            all["GIT_CONFIG_VALUE_\(index)"] = setting.value
        }
        return all
    }
}
