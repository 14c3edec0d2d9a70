/// Where scripts, styles and fonts are, under addresses that change when they do.
package struct AssetLinks: Sendable {
    /// What addresses start with, such as `/assets/0123abcd`.
    package let base: String
    /// Paths of what packages brought: fonts, KaTeX, editors. Each may be missing, and pages work without them.
    package let vendored: Set<String>

    package init(base: String = "/assets/none", vendored: Set<String> = []) {
        self.base = base
        self.vendored = vendored
    }

    /// One of ours, such as `shell.mjs`.
    package func own(_ name: String) -> String { "\(base)/\(name)" }

    /// One of others', such as `htmx/htmx.min.js`; nil when it is not installed.
    package func vendor(_ path: String) -> String? {
        vendored.contains(path) ? "\(base)/vendor/\(path)" : nil
    }
}
