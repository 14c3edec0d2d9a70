/// Finds mirrors that claim the same local names. Mirrors without a map keep the owners' names and are asked in order,
/// so only explicit maps can collide.
enum NamespaceOverlap {
    static func check(_ mirrors: [Mirror], diagnostics: DiagnosticCollector) {
        let entries = mirrors.flatMap { mirror in mirror.namespace.entries.map { (mirror.name, $0) } }
        for (index, (name, entry)) in entries.enumerated() {
            for (otherName, other) in entries[..<index] where otherName != name {
                guard other.image.overlaps(entry.image) else { continue }
                diagnostics.add(
                    .error, at: entry.location, pointer: "/spec/namespace/map",
                    "mirror '\(name)' maps into '\(entry.template)', which overlaps '\(other.template)' of mirror "
                        + "'\(otherName)' (\(other.location))",
                    remedy: "map the two mirrors into different namespaces")
            }
        }
    }
}
