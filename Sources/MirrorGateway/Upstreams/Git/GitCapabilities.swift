/// What a git server says it can do: `name` or `name=value`, of either protocol generation.
struct GitCapabilities: Sendable, Hashable {
    private(set) var entries: [String] = []

    init(_ entries: [String] = []) { self.entries = entries }

    mutating func append(_ entry: String) { entries.append(entry) }

    func has(_ name: String) -> Bool { entries.contains { $0 == name || $0.hasPrefix(name + "=") } }

    /// The value of the first entry with this name.
    func value(_ name: String) -> String? { values(name).first }

    /// The values of all entries with this name, such as `symref`.
    func values(_ name: String) -> [String] {
        entries.filter { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// Whether a v2 command has a feature: `fetch=shallow wait-for-done`.
    func command(_ name: String, has feature: String) -> Bool {
        value(name)?.split(separator: " ").contains { $0 == feature } ?? false
    }

    /// The hash of object names; servers that say nothing use SHA-1.
    var objectFormat: String { value("object-format") ?? "sha1" }
}
