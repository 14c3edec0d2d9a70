extension License {
    /// The licence whose text a well-known address shows (`license_link` of a card); nil for other addresses.
    static func named(byLink link: String) -> License? {
        var rest = Substring(link.trimmingSpaces().lowercased())
        guard rest.utf8.count <= 512 else { return nil }
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        if rest.hasPrefix("www.") { rest = rest.dropFirst(4) }
        let parts = rest.split(whereSeparator: { "/?#".contains($0) }).map(String.init)
        guard let host = parts.first else { return nil }
        switch host {
        case "creativecommons.org":
            guard parts.count >= 4 else { return nil }
            if parts[1] == "licenses" { return known("CC-\(parts[2])-\(parts[3])") }
            return parts[1] == "publicdomain" && parts[2] == "zero" ? known("CC0-\(parts[3])") : nil
        case "apache.org":
            return parts.last.flatMap { $0.hasPrefix("license-2.0") ? known("Apache-2.0") : nil }
        case "opensource.org", "spdx.org", "choosealicense.com":
            guard let last = parts.last, parts.count >= 3 else { return nil }
            return known(last.hasSuffix(".html") ? String(last.dropLast(5)) : last)
        case "gnu.org":
            return parts.last.flatMap { name in
                known(String(name.prefix { $0 != "." }.replacing("agpl-3", with: "agpl-3.0")))
                    ?? known(name.hasSuffix(".html") ? String(name.dropLast(5)) : name)
            }
        case "ai.google.dev": return parts.contains("gemma") ? known("gemma") : nil
        case "llama.com", "llama.meta.com", "ai.meta.com":
            let names = parts.dropFirst().joined(separator: "/")
            for (mark, id) in [
                ("llama4", "llama4"), ("llama3_3", "llama3.3"), ("llama3_2", "llama3.2"), ("llama3_1", "llama3.1"),
                ("llama3", "llama3"), ("llama2", "llama2"), ("llama-2", "llama2"),
            ] where names.contains(mark) {
                return known(id)
            }
            return nil
        default: return nil
        }
    }

    private static func known(_ name: String) -> License? {
        let license = normalize(name)
        return license.recognition == .spdx || license.recognition == .reference
            ? License(id: license.id, flags: license.flags, recognition: license.recognition, declared: license.id)
            : nil
    }
}
