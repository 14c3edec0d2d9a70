extension DocumentReader {
    static let upstreamKeys = [
        "name", "type", "url", "gitUrl", "priority", "auth", "tls", "proxy", "timeouts", "retry", "breaker", "limits",
        "allowPrivate", "tombstones",
    ]

    static let limitKeys = [
        "requestsPer5m", "connections", "rangesPerFile", "bandwidth", "bandwidthWindows", "bytesPerDay",
    ]

    func upstreams(_ node: DocumentNode) -> [UpstreamDocument] {
        guard let items = items(node, "upstreams", example: "upstreams: [{name: …, type: …, url: …}]") else {
            return []
        }
        if items.isEmpty {
            error(node, "'upstreams' is empty", remedy: "name at least one upstream, or remove the mirror")
        }
        var names: [String: SourceLocation] = [:]
        var priorities: [Int: String] = [:]
        let upstreams = items.compactMap { item -> UpstreamDocument? in
            guard let fields = fields(item, "upstream", keys: Self.upstreamKeys) else { return nil }
            guard let upstream = upstream(item, fields) else { return nil }
            if let first = names[upstream.name] {
                error(
                    fields["name"] ?? item,
                    "the upstream name '\(upstream.name)' is taken, first at line \(first.line)",
                    remedy: "give each upstream of a mirror its own name")
            }
            names[upstream.name] = item.location
            if let node = fields["priority"] {
                if let other = priorities[upstream.priority] {
                    warning(
                        node, "priority \(upstream.priority) is also the priority of '\(other)'",
                        remedy:
                            "large files come from both at once; give them different numbers to ask one after the other"
                    )
                }
                priorities[upstream.priority] = upstream.name
            }
            return upstream
        }
        return upstreams.enumerated().sorted { ($0.element.priority, $0.offset) < ($1.element.priority, $1.offset) }
            .map(\.element)
    }

    private func upstream(_ node: DocumentNode, _ fields: MappingFields) -> UpstreamDocument? {
        let name = required("name", of: fields, example: "main").flatMap { text($0, "name") }
        let type = required("type", of: fields, example: "opencsg")
            .flatMap { choice($0, "type", as: UpstreamDocument.Kind.self) }
        let allowPrivate = fields["allowPrivate"].flatMap { boolean($0, "allowPrivate") } ?? false
        let schemes = type == .bundle ? ["file"] : ["https", "http"]
        let url = required("url", of: fields, example: "https://hub.example.com")
            .flatMap { endpoint($0, "url", schemes: schemes, allowPrivate: allowPrivate) }
        let gitURL = fields["gitUrl"].flatMap { endpoint($0, "gitUrl", allowPrivate: allowPrivate) }
        let authentication = fields["auth"].map(authentication) ?? .none
        let proxy = fields["proxy"].flatMap { self.proxy($0) }
        let caFile = fields["tls"].flatMap { self.fields($0, "tls", keys: ["caFile"]) }?["caFile"]
            .flatMap { absolutePath($0, "caFile") }
        let timeouts = fields["timeouts"].map(timeouts) ?? .init()
        let retry = fields["retry"].map(retry) ?? .init()
        let breaker = fields["breaker"].map(breaker) ?? .init()
        let limits = fields["limits"].map(limits) ?? .init()
        let priority = fields["priority"].flatMap { integer($0, "priority", in: 0...1_000_000) } ?? 100
        for endpoint in [url, gitURL].compactMap(\.self) where endpoint.scheme == "http" && authentication != .none {
            if let node = fields["auth"], NetworkAddress.reach(ofHost: endpoint.host) == .world {
                warning(node, "credentials go to \(endpoint) in clear text", remedy: "use https")
            }
        }
        guard let name, let type, let url else { return nil }
        return UpstreamDocument(
            name: name, type: type, url: url, gitURL: gitURL, priority: priority, authentication: authentication,
            caFile: caFile, proxy: proxy, timeouts: timeouts, retry: retry, breaker: breaker, limits: limits,
            allowPrivate: allowPrivate, followsTombstones: followsTombstones(fields, type), location: node.location)
    }

    private enum TombstoneWord: String, CaseIterable {
        case follow
        case ignore
    }

    private func followsTombstones(_ fields: MappingFields, _ type: UpstreamDocument.Kind) -> Bool {
        guard let node = fields["tombstones"] else { return type == .weir }
        if type != .weir {
            error(node, "'tombstones' is about peers, and '\(type.rawValue)' is none", remedy: "remove the key")
        }
        return choice(node, "tombstones", as: TombstoneWord.self) != .ignore
    }

    private func endpoint(
        _ node: DocumentNode, _ what: String, schemes: [String] = ["https", "http"], allowPrivate: Bool
    ) -> EndpointURL? {
        guard let url = url(node, what, schemes: schemes) else { return nil }
        // A folder of this machine is no address.
        if url.scheme == "file" { return url }
        switch NetworkAddress.reach(ofHost: url.host) {
        case .forbidden:
            error(
                node, "the URL of '\(what)' points at \(url.host), a link-local, metadata or reserved address",
                remedy: "no setting allows it; name the upstream's own host")
        case .local where !allowPrivate:
            error(
                node, "the URL of '\(what)' points at \(url.host), a loopback or private address",
                remedy: "add allowPrivate: true to this upstream if that is meant")
        case .local, .world: break
        }
        return url
    }

    private func proxy(_ node: DocumentNode) -> EndpointURL? {
        // A proxy is normally on a private address; only the addresses that are never right are refused.
        endpoint(node, "proxy", schemes: ["http", "https", "socks5", "socks5h"], allowPrivate: true)
    }

    private func authentication(_ node: DocumentNode) -> UpstreamDocument.Authentication {
        let remedy =
            "put the secret into a file or an environment variable and write {tokenFile: /run/secrets/…}, "
            + "{tokenEnv: NAME} or {basicFile: /run/secrets/…}"
        guard case .mapping(let entries) = node.content else {
            error(node, "'auth' holds a literal value; secrets do not belong into policy files", remedy: remedy)
            return .none
        }
        let literal: Set<String> = [
            "token", "password", "basic", "secret", "key", "apikey", "api_key", "bearer", "user", "username",
        ]
        let known = ["tokenFile", "tokenEnv", "basicFile"]
        for entry in entries where !known.contains(entry.key) {
            if literal.contains(entry.key.lowercased()) {
                diagnostics.add(
                    .error, at: entry.keyLocation, pointer: node.pointer,
                    "'\(entry.key)' is a literal secret; secrets do not belong into policy files", remedy: remedy)
            } else {
                diagnostics.add(
                    .error, at: entry.keyLocation, pointer: node.pointer, "unknown key '\(entry.key)'",
                    remedy: Spelling.remedy(for: entry.key, among: known, noun: "keys"))
            }
        }
        let given = entries.filter { known.contains($0.key) }
        guard let entry = given.first else {
            if entries.isEmpty { error(node, "'auth' names no source of a secret", remedy: remedy) }
            return .none
        }
        if given.count > 1 {
            diagnostics.add(
                .error, at: given[1].keyLocation, pointer: node.pointer,
                "'auth' has both '\(entry.key)' and '\(given[1].key)'", remedy: "keep one of them")
        }
        switch entry.key {
        case "tokenFile": return absolutePath(entry.value, entry.key).map { .tokenFile($0) } ?? .none
        case "basicFile": return absolutePath(entry.value, entry.key).map { .basicFile($0) } ?? .none
        default: return environmentName(entry.value).map { .tokenEnvironment($0) } ?? .none
        }
    }

    private func environmentName(_ node: DocumentNode) -> String? {
        guard let text = text(node, "tokenEnv") else { return nil }
        let isName =
            text.first.map { !$0.isNumber } == true
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isName else {
            // It may be the secret itself, so it is not repeated.
            error(
                node, "'tokenEnv' is not the name of an environment variable",
                remedy: "write a name such as CSG_TOKEN, not the token")
            return nil
        }
        return text
    }

    private func timeouts(_ node: DocumentNode) -> UpstreamDocument.Timeouts {
        var timeouts = UpstreamDocument.Timeouts()
        guard let fields = fields(node, "timeouts", keys: ["connect", "firstByte", "idle"]) else { return timeouts }
        timeouts.connect = fields["connect"].flatMap { duration($0, "connect", allowsZero: false) } ?? timeouts.connect
        timeouts.firstByte =
            fields["firstByte"].flatMap { duration($0, "firstByte", allowsZero: false) } ?? timeouts.firstByte
        timeouts.idle = fields["idle"].flatMap { duration($0, "idle", allowsZero: false) } ?? timeouts.idle
        return timeouts
    }

    private func retry(_ node: DocumentNode) -> UpstreamDocument.Retry {
        var retry = UpstreamDocument.Retry()
        guard let fields = fields(node, "retry", keys: ["max", "backoff", "honourRateLimitHeader"]) else {
            return retry
        }
        retry.maximum = fields["max"].flatMap { integer($0, "max", in: 0...100) } ?? retry.maximum
        retry.backoff = fields["backoff"].flatMap { durationRange($0, "backoff") } ?? retry.backoff
        retry.honourRateLimitHeader =
            fields["honourRateLimitHeader"].flatMap { boolean($0, "honourRateLimitHeader") }
            ?? retry.honourRateLimitHeader
        return retry
    }

    private func breaker(_ node: DocumentNode) -> UpstreamDocument.Breaker {
        var breaker = UpstreamDocument.Breaker()
        guard let fields = fields(node, "breaker", keys: ["failures", "window", "openFor", "halfOpen"]) else {
            return breaker
        }
        breaker.failures = fields["failures"].flatMap { integer($0, "failures", in: 1...10_000) } ?? breaker.failures
        breaker.window = fields["window"].flatMap { duration($0, "window", allowsZero: false) } ?? breaker.window
        breaker.openFor = fields["openFor"].flatMap { duration($0, "openFor", allowsZero: false) } ?? breaker.openFor
        breaker.halfOpen = fields["halfOpen"].flatMap { integer($0, "halfOpen", in: 1...1_000) } ?? breaker.halfOpen
        return breaker
    }

    private func limits(_ node: DocumentNode) -> UpstreamLimits {
        var limits = UpstreamLimits()
        guard let fields = fields(node, "limits", keys: Self.limitKeys) else { return limits }
        limits.connections =
            fields["connections"].flatMap { integer($0, "connections", in: 1...1_024) } ?? limits.connections
        limits.rangesPerFile = fields["rangesPerFile"].flatMap { integer($0, "rangesPerFile", in: 1...256) }
        if let requests = fields["requestsPer5m"].flatMap({
            self.fields($0, "requestsPer5m", keys: ["api", "resolve"])
        }) {
            limits.apiRequestsPer5Minutes = requests["api"].flatMap { integer($0, "api", in: 1...100_000_000) }
            limits.resolveRequestsPer5Minutes = requests["resolve"].flatMap {
                integer($0, "resolve", in: 1...100_000_000)
            }
        }
        limits.bandwidth = fields["bandwidth"].flatMap { self.bandwidth($0, "bandwidth") }
        limits.bytesPerDay = fields["bytesPerDay"].flatMap { bytes($0, "bytesPerDay") }
        if let node = fields["bandwidthWindows"] {
            limits.bandwidthWindows =
                items(node, "bandwidthWindows", example: "bandwidthWindows: [{cron: …, for: …, bandwidth: …}]")?
                .compactMap(bandwidthWindow) ?? []
        }
        return limits
    }

    private func bandwidthWindow(_ node: DocumentNode) -> UpstreamLimits.BandwidthWindow? {
        guard let fields = fields(node, "bandwidthWindows", keys: ["cron", "for", "bandwidth"]) else { return nil }
        let cron = required("cron", of: fields, example: "\"0 20 * * *\"").flatMap { self.cron($0, "cron") }
        let length = required("for", of: fields, example: "10h").flatMap { duration($0, "for", allowsZero: false) }
        let bandwidth = required("bandwidth", of: fields, example: "400MiB/s").flatMap {
            self.bandwidth($0, "bandwidth")
        }
        guard let cron, let length, let bandwidth else { return nil }
        return .init(cron: cron, duration: length, bandwidth: bandwidth)
    }
}
