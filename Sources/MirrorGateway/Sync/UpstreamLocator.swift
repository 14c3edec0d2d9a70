package import HubCore
package import Policies

/// Which upstream of the policy files an address belongs to, and what the repository there is called here.
package struct UpstreamLocator: Sendable {
    /// An upstream that a mirror file names.
    package struct Source: Sendable, Hashable {
        /// Counted from 1 in the order of the files.
        package let number: Int64
        /// Name of the mirror.
        package let mirror: String
        /// Name of the upstream in it.
        package let upstream: String
        /// The mirror's file.
        package let file: String
        /// Where its API is.
        package let address: String
    }

    /// A repository that a mirror file lets come in.
    package struct Place: Sendable, Hashable {
        package let source: Source
        /// As the upstream names it.
        package let path: UpstreamPath
        /// As it is named here.
        package let local: RepositoryID
    }

    package enum Finding: Sendable, Hashable {
        case found(Place)
        /// No file names an upstream at this host.
        case unknown(host: String)
        /// The file has the upstream, but no place for what this owner has there.
        case unmapped(Source, owner: String)
        /// What stands behind the upstream's own address names no repository, or one of another kind.
        case unreadable(Source)
    }

    private let read: @Sendable () -> [Policies.Mirror]

    /// - Parameter read: the mirrors of the policy in force; asked at every use.
    package init(_ read: @escaping @Sendable () -> [Policies.Mirror]) { self.read = read }

    package init(_ policies: PolicyEngine?) {
        read = { (policies?.current.mirrors ?? []).map(\.document) }
    }

    package var sources: [Source] { Self.upstreams(of: read()).map(\.source) }

    /// - Parameters:
    ///   - kind: what the repository is, where the address does not tell; addresses that tell another are unreadable.
    package func locate(_ url: EgressURL, kind: HubCore.RepositoryKind?) -> Finding {
        var miss = Finding.unknown(host: url.host)
        for (source, mirror, document) in Self.upstreams(of: read()) {
            for base in Self.bases(of: document) {
                guard let rest = Self.rest(of: url, below: base) else { continue }
                guard let path = Self.path(rest, kind: kind, isPlain: document.type == .gitLFS) else {
                    miss = .unreadable(source)
                    continue
                }
                let names = path.path.split(separator: "/").map(String.init)
                guard let namespace = mirror.namespace.localNamespace(forOwner: names[0]),
                    let local = RepositoryID(kind: path.kind, namespace: namespace, name: names[1])
                else {
                    miss = .unmapped(source, owner: names[0])
                    continue
                }
                return .found(Place(source: source, path: path, local: local))
            }
        }
        return miss
    }

    private static func upstreams(of mirrors: [Policies.Mirror])
        -> [(source: Source, mirror: Policies.Mirror, document: UpstreamDocument)]
    {
        mirrors.flatMap { mirror in mirror.upstreams.map { (mirror, $0) } }.enumerated().map { index, entry in
            let (mirror, document) = entry
            let source = Source(
                number: Int64(index) + 1, mirror: mirror.name, upstream: document.name, file: mirror.location.file,
                address: document.url.text)
            return (source, mirror, document)
        }
    }

    /// Where its API and its git are.
    private static func bases(of document: UpstreamDocument) -> [EgressURL] {
        let texts = [document.url.text, document.effectiveGitURL.text]
        var bases = texts.compactMap { try? EgressURL(parsing: $0) }
        if let base = bases.first, let type = UpstreamType(rawValue: document.type.rawValue), document.gitURL == nil {
            bases.append(UpstreamAddresses(type: type, base: base, git: nil).gitBase)
        }
        return bases
    }

    /// The segments behind a base. Whether it is asked by http or https does not say who it is.
    private static func rest(of url: EgressURL, below base: EgressURL) -> [String]? {
        guard url.host == base.host, url.port == base.port || isUsual(url.port) && isUsual(base.port) else {
            return nil
        }
        let path = url.path.split(separator: "/")
        let prefix = base.path.split(separator: "/")
        guard path.starts(with: prefix) else { return nil }
        return path.dropFirst(prefix.count).map(String.init)
    }

    private static func isUsual(_ port: Int) -> Bool { port == 80 || port == 443 }

    /// `owner/name.git`, with a word for its kind before it where the upstream writes one.
    /// - Parameter isPlain: whether such words mean nothing there, so that owners may be called so.
    private static func path(_ segments: [String], kind: HubCore.RepositoryKind?, isPlain: Bool) -> UpstreamPath? {
        var names = segments
        var known = kind
        if names.count == 3 {
            guard let told = HubCore.RepositoryKind(word: names.removeFirst()), kind == nil || kind == told else {
                return nil
            }
            known = told
        }
        guard names.count == 2, isPlain || HubCore.RepositoryKind(word: names[0]) == nil else { return nil }
        if names[1].hasSuffix(".git") { names[1] = String(names[1].dropLast(4)) }
        let kind = known ?? .model
        guard let id = RepositoryID(kind: kind, namespace: names[0], name: names[1]) else { return nil }
        return UpstreamPath(id)
    }
}
