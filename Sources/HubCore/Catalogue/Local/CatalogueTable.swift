/// What is known of every repository here, as columns: what lists are narrowed, counted and sorted by.
///
/// A hundred thousand repositories take some tens of megabytes and few milliseconds to go through.
struct CatalogueTable: Sendable {
    /// One repository as the database tells of it.
    struct Record {
        var key: Int64
        var kind: RepositoryKind
        var namespaceKey: String
        var namespace: String
        var nameKey: String
        var visibility: Repository.Visibility
        var isGated: Bool
        var standing: CatalogueStanding
        var createdAt: Int64
        var updatedAt: Int64
        var downloads: Int64
        var likes: Int64
        /// Of these what was counted here, and not at an upstream.
        var ownDownloads: Int64
        var ownLikes: Int64
        /// -1 where nobody knows.
        var size: Int64
        var parameters: Int64
        var said: [(group: CatalogueGroup, key: String, label: String)]
    }

    /// Something that repositories say.
    struct Said: Sendable {
        let group: CatalogueGroup
        let key: String
        let label: String
    }

    private struct Name: Hashable {
        let group: CatalogueGroup
        let key: String
    }

    /// Up to which mark the database was read.
    var version: Int64 = -1
    private(set) var keys: [Int64] = []
    private(set) var kinds: [UInt8] = []
    private(set) var visibilities: [UInt8] = []
    private(set) var gated: [Bool] = []
    private(set) var standings: [UInt8] = []
    private(set) var numbers: [[Int64]] = Array(repeating: [], count: Column.allCases.count)
    /// Bytes of `namespace/name` in small letters, one after another, each with a zero behind it.
    private(set) var text: [UInt8] = []
    private(set) var textStart: [Int32] = []
    private(set) var textCount: [Int32] = []
    /// Which row each text is of, in the order of the texts; a row that was read again has an old one before its own.
    private(set) var textOwners: [(start: Int32, row: Int32)] = []
    /// Which of `values` each repository says.
    private(set) var facets: [Int32] = []
    private(set) var facetStart: [Int32] = []
    private(set) var facetCount: [Int32] = []
    private(set) var values: [Said] = []
    /// The group of each of `values`, as a bit: looked up for every value of every row.
    private(set) var valueBits: [UInt16] = []
    private var valueNumbers: [Name: Int32] = [:]
    private(set) var places = CataloguePlaces()

    enum Column: Int, CaseIterable {
        case created, updated, downloads, likes, size, parameters, ownDownloads, ownLikes
    }

    static let visibilityNames: [Repository.Visibility] = [.public, .internal, .private]
    static let gone: UInt8 = 255

    var count: Int { keys.count }

    func isLive(_ row: Int) -> Bool { kinds[row] != Self.gone }
    func number(_ column: Column, _ row: Int) -> Int64 { numbers[column.rawValue][row] }
    func standing(_ row: Int) -> CatalogueStanding { CatalogueStanding.allCases[Int(standings[row])] }
    func path(_ row: Int) -> ArraySlice<UInt8> {
        text[Int(textStart[row])..<Int(textStart[row] + textCount[row])]
    }
    func said(_ row: Int) -> ArraySlice<Int32> {
        facets[Int(facetStart[row])..<Int(facetStart[row] + facetCount[row])]
    }
    /// Whose a row is.
    func owner(_ row: Int) -> ArraySlice<UInt8> { path(row).prefix { $0 != UInt8(ascii: "/") } }
    func said(_ row: Int, _ group: CatalogueGroup) -> [String] {
        said(row).map { values[Int($0)] }.filter { $0.group == group }.map(\.label)
    }
    func value(_ group: CatalogueGroup, _ key: String) -> Int32? { valueNumbers[Name(group: group, key: key)] }

    static func number(of kind: RepositoryKind) -> UInt8 {
        UInt8(RepositoryKind.allCases.firstIndex(of: kind) ?? 0)
    }

    /// Whether so much of it is left over from former states that it is better made anew.
    var isWorn: Bool {
        textOwners.count > 2 * count + 1_000 || facets.count > 2 * facetCount.reduce(0) { $0 + Int($1) } + 10_000
    }

    /// Gives every standing a number, also those that no row has by itself.
    mutating func nameStandings() {
        for standing in CatalogueStanding.allCases { _ = number(.state, standing.rawValue, standing.rawValue) }
    }

    /// Takes what the database tells of one repository now.
    mutating func put(_ record: Record) {
        let row: Int
        if let place = places[record.key] {
            row = Int(place)
        } else {
            row = keys.count
            places[record.key] = Int32(row)
            keys.append(record.key)
            kinds.append(0)
            visibilities.append(0)
            gated.append(false)
            standings.append(0)
            for column in numbers.indices { numbers[column].append(0) }
            textStart.append(0)
            textCount.append(0)
            facetStart.append(0)
            facetCount.append(0)
        }
        kinds[row] = Self.number(of: record.kind)
        visibilities[row] = UInt8(Self.visibilityNames.firstIndex(of: record.visibility) ?? 2)
        gated[row] = record.isGated
        standings[row] = UInt8(CatalogueStanding.allCases.firstIndex(of: record.standing) ?? 0)
        numbers[Column.created.rawValue][row] = record.createdAt
        numbers[Column.updated.rawValue][row] = record.updatedAt
        numbers[Column.downloads.rawValue][row] = record.downloads
        numbers[Column.likes.rawValue][row] = record.likes
        numbers[Column.ownDownloads.rawValue][row] = record.ownDownloads
        numbers[Column.ownLikes.rawValue][row] = record.ownLikes
        numbers[Column.size.rawValue][row] = record.size
        numbers[Column.parameters.rawValue][row] = record.parameters
        textStart[row] = Int32(text.count)
        textOwners.append((textStart[row], Int32(row)))
        text.append(contentsOf: record.namespaceKey.utf8)
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: record.nameKey.utf8)
        textCount[row] = Int32(text.count) - textStart[row]
        text.append(0)
        let start = facets.count
        add(.owner, record.namespaceKey, record.namespace, after: start)
        add(.state, record.standing.rawValue, record.standing.rawValue, after: start)
        if record.size >= 0 {
            let size = CatalogueSize(record.size).rawValue
            add(.size, size.lowercased(), size, after: start)
        }
        for said in record.said { add(said.group, said.key, said.label, after: start) }
        facetStart[row] = Int32(start)
        facetCount[row] = Int32(facets.count - start)
    }

    /// Forgets a repository that is not there any more.
    mutating func remove(_ key: Int64) {
        guard let place = places[key] else { return }
        places[key] = nil
        kinds[Int(place)] = Self.gone
        facetCount[Int(place)] = 0
        textCount[Int(place)] = 0
    }

    private mutating func number(_ group: CatalogueGroup, _ key: String, _ label: String) -> Int32 {
        let name = Name(group: group, key: key)
        if let known = valueNumbers[name] { return known }
        let number = Int32(values.count)
        values.append(Said(group: group, key: key, label: label))
        valueBits.append(group.bit)
        valueNumbers[name] = number
        return number
    }

    private mutating func add(_ group: CatalogueGroup, _ key: String, _ label: String, after start: Int) {
        let number = number(group, key, label)
        for index in start..<facets.count where facets[index] == number { return }
        facets.append(number)
    }
}
