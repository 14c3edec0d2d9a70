import ArgumentParser
import Foundation
import HubCore
import HubServer
import Logging
import MirrorGateway

struct CatalogueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "What upstreams have, without fetching it.",
        discussion: """
            A server on the same data directory keeps the catalogue. What is printed is for people on a terminal, and one
            JSON object a line otherwise.
            """,
        subcommands: [List.self, Show.self, Files.self, Status.self, Refresh.self])

    /// Where the catalogue is and how it is printed.
    struct Output: ParsableArguments {
        @Flag(help: "Print JSON on a terminal too.") var json = false
        @Option(help: ArgumentHelp("The folder of policy files.", valueName: "dir")) var mirrors: String = "mirrors.d"
        @OptionGroup var data: DataOption

        var isForPeople: Bool { !json && isatty(STDOUT_FILENO) == 1 }

        /// What the policy files say; nil where there are none in the usual place.
        func browser(_ hub: Hub, isNeeded: Bool = false) throws -> CatalogueBrowser? {
            guard isNeeded || FileManager.default.fileExists(atPath: mirrors) else { return nil }
            let metrics = MetricRegistry()
            let policies = try PolicyEngine(
                directory: mirrors, transport: EgressClient(metrics: GatewayMetrics(registry: metrics)),
                metrics: metrics, clock: hub.clock, environment: ProcessInfo.processInfo.environment)
            return CatalogueBrowser(
                policies: policies, catalogue: hub.catalogue, clock: hub.clock, isOffline: false)
        }

        func printJSON(_ write: (inout JSONWriter) -> Void) {
            print(CatalogueLine.json(write))
        }
    }

    /// One repository of an upstream.
    struct Named: ParsableArguments {
        @Argument(help: ArgumentHelp("The upstream, or mirror.upstream.", valueName: "upstream")) var upstream: String
        @Argument(help: ArgumentHelp("As the upstream calls it.", valueName: "kind:ns/name")) var repository: String
        @OptionGroup var output: Output

        func id() throws -> RepositoryID {
            guard let id = RepositoryID(parsing: repository) ?? RepositoryID(kind: .model, path: repository) else {
                throw HubError(
                    .badRequest, "'\(repository)' does not name a repository.", remedy: "Write it as model:acme/demo.")
            }
            return id
        }

        /// - Throws: `.repositoryNotFound`.
        func entry(in hub: Hub) async throws -> RemoteEntry {
            let id = try id()
            for source in try await hub.catalogue.sources() where source.isCalled(upstream) {
                let entry = try await hub.catalogue.entry(
                    mirror: source.mirror, upstream: source.upstream, kind: id.kind, path: id.path)
                if let entry { return entry }
            }
            throw HubError(.repositoryNotFound, "No upstream called '\(upstream)' told of \(id).")
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List or search what upstreams have.")

        @Argument(help: "Words that each are in the name, or begin a word of title, tags or summary.")
        var words: [String] = []
        @Option(help: "Only this upstream.") var upstream: String?
        @Option(help: "Only those of a kind, as model.") var kind: String?
        @Option(help: "Only those of an owner.") var author: String?
        @Option(help: "Only those for a task; may be repeated.") var task: [String] = []
        @Option(help: "Only those for a library; may be repeated.") var library: [String] = []
        @Option(help: "Only those in a language; may be repeated.") var language: [String] = []
        @Option(help: "Only those under a licence; with several, any of them.") var license: [String] = []
        @Option(help: "Only those with a tag; may be repeated.") var tag: [String] = []
        @Option(help: "present, gone, restricted or any.") var state = "present"
        @Flag(help: "Only what is here and behind.") var behind = false
        @Flag(help: "Only what is here.") var mirrored = false
        @Option(help: "relevance, updated, created, downloads, likes, size, parameters or name.") var sort = "relevance"
        @Option(help: "How many at most.") var limit = 50
        @OptionGroup var output: Output

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: output.data.path)
                let browser = try output.browser(hub)
                var query = try query()
                if let upstream {
                    let named = try await hub.catalogue.sources().filter { $0.isCalled(upstream) }
                    guard !named.isEmpty else {
                        throw HubError(.notFound, "No upstream called '\(upstream)' was looked through.")
                    }
                    query.sources = named.map { ($0.mirror, $0.upstream) }
                }
                var left = max(0, limit)
                var cursor: RepositoryCursor?
                var rows: [[String]] = []
                while left > 0 {
                    query.limit = min(left, 200)
                    let page = try await hub.catalogue.searchAsOperator(query, after: cursor)
                    for entry in page.entries {
                        if output.isForPeople {
                            rows.append(CatalogueText.row(entry))
                        } else {
                            let item = CatalogueItem(entry, browser: browser, user: nil)
                            output.printJSON { $0.value(item) }
                        }
                    }
                    left -= page.entries.count
                    cursor = page.next
                    guard cursor != nil, !page.entries.isEmpty else { break }
                }
                if output.isForPeople {
                    for line in CatalogueText.table(CatalogueText.headings, rows) { print(line) }
                }
                await hub.close()
            }
        }

        private func query() throws -> CatalogueQuery {
            var pairs = [
                QueryParameters.Pair("q", words.joined(separator: " ")), .init("state", state), .init("sort", sort),
            ]
            if let kind { pairs.append(.init("kind", kind)) }
            if let author { pairs.append(.init("author", author)) }
            for (name, values) in [
                ("task", task), ("library", library), ("language", language), ("license", license), ("tag", tag),
            ] { pairs += values.map { .init(name, $0) } }
            if behind { pairs.append(.init("behind", "true")) }
            if mirrored { pairs.append(.init("mirrored", "true")) }
            return try CatalogueQuery(QueryParameters(pairs))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show what an upstream tells of a repository, how it stands, and what policy says of it.")

        @OptionGroup var named: Named

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: named.output.data.path)
                let browser = try named.output.browser(hub)
                let entry = try await named.entry(in: hub)
                if named.output.isForPeople {
                    for line in CatalogueText.lines(entry, browser) { print(line) }
                } else {
                    named.output.printJSON { $0.value(CatalogueItem(entry, browser: browser, user: nil)) }
                }
                await hub.close()
            }
        }
    }

    struct Files: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "files", abstract: "List every file of a revision, as the upstream lists it now.",
            discussion: "Asks the upstream; the policy files say where it is and with which credentials.")

        @Option(help: "A branch, tag or commit.") var rev: String?
        @OptionGroup var named: Named

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: named.output.data.path)
                guard let browser = try named.output.browser(hub, isNeeded: true) else { return }
                let sources = browser.sources(named: named.upstream)
                guard let first = sources.first else {
                    throw HubError(
                        .notFound, "No mirror that asks upstream has an upstream called '\(named.upstream)'.")
                }
                var source = first
                var path = UpstreamPath(try named.id())
                var branch: String?
                if let entry = try? await named.entry(in: hub) {
                    path = UpstreamPath(kind: entry.kind, path: entry.path)
                    branch = entry.description.defaultBranch
                    source =
                        sources.first { $0.mirror.name == entry.mirror && $0.upstream.name == entry.upstream } ?? first
                }
                let listing = try await browser.files(of: path, at: rev ?? branch ?? "main", in: source)
                if named.output.isForPeople {
                    let rows = listing.files.map { [ByteCount($0.size).description, $0.digest?.hex ?? "", $0.path] }
                    for line in CatalogueText.table(["SIZE", "SHA-256", "PATH"], rows) { print(line) }
                    print("\(listing.files.count) files, \(ByteCount(listing.totalSize))")
                } else {
                    for file in listing.files {
                        named.output.printJSON { json in
                            json.object { json in
                                json.member("path", file.path)
                                json.member("size", file.size)
                                json.member("sha256", file.digest?.hex)
                            }
                        }
                    }
                }
                await hub.close()
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Show how far each upstream was looked through, and what it waits for.")

        @OptionGroup var output: Output

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: output.data.path)
                let sources = try await hub.catalogue.sources()
                let now = hub.clock.now()
                if output.isForPeople {
                    let rows = sources.map { CatalogueText.row($0, now: now) }
                    for line in CatalogueText.table(CatalogueText.sourceHeadings, rows) { print(line) }
                } else {
                    for source in sources { output.printJSON { $0.value(source, type: nil, now: now) } }
                }
                await hub.close()
            }
        }
    }

    struct Refresh: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "refresh",
            abstract: "Have upstreams looked through now, by the server that runs on the data directory.")

        @Argument(help: "The upstream, or mirror.upstream; all of them by default.") var upstream: String?
        @OptionGroup var output: Output

        func run() async throws {
            try await CommandFailure.report {
                let hub = try await Hub(path: output.data.path)
                let sources = try await hub.catalogue.sources().filter { upstream.map($0.isCalled) ?? true }
                guard !sources.isEmpty || upstream == nil else {
                    throw HubError(.notFound, "No upstream called '\(upstream ?? "")' was looked through yet.")
                }
                for source in sources {
                    try await hub.catalogue.askRefresh(mirror: source.mirror, upstream: source.upstream)
                    if output.isForPeople {
                        print("\(source.mirror).\(source.upstream) will be looked through")
                    } else {
                        output.printJSON { json in
                            json.object { json in
                                json.member("mirror", source.mirror)
                                json.member("upstream", source.upstream)
                            }
                        }
                    }
                }
                await hub.close()
            }
        }
    }
}

extension CatalogueSource {
    fileprivate func isCalled(_ name: String) -> Bool {
        name == upstream || name == mirror || name == "\(mirror).\(upstream)"
    }
}
