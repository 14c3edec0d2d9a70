/// Places the nodes of a graph in columns from left to right.
///
/// A node stands one column behind the last of those it came from; in a circle, the edge that closes it is not counted.
struct GraphLayout {
    struct Place: Equatable {
        let column: Int
        let row: Int
    }

    private(set) var places: [String: Place] = [:]
    private(set) var columns = 0
    private(set) var rows = 0

    init(nodes: [String], edges: [(from: String, to: String)]) {
        let known = Set(nodes)
        var next: [String: [String]] = [:]
        var previous: [String: [String]] = [:]
        for edge in edges where known.contains(edge.from) && known.contains(edge.to) && edge.from != edge.to {
            next[edge.from, default: []].append(edge.to)
            previous[edge.to, default: []].append(edge.from)
        }
        let column = Self.columns(nodes, next: next, previous: previous)
        columns = (column.values.max() ?? -1) + 1
        var members = [[String]](repeating: [], count: columns)
        for node in nodes { if let at = column[node] { members[at].append(node) } }
        // In each column, nodes stand beside those they came from.
        var row: [String: Double] = [:]
        for index in members.indices {
            func weight(_ node: String) -> Double {
                let rows = (previous[node] ?? []).compactMap { row[$0] }
                return rows.isEmpty ? .infinity : rows.reduce(0, +) / Double(rows.count)
            }
            let sorted = members[index].enumerated().sorted {
                (weight($0.element), $0.offset) < (weight($1.element), $1.offset)
            }
            for (place, node) in sorted.enumerated() {
                row[node.element] = Double(place)
                places[node.element] = Place(column: index, row: place)
            }
            rows = max(rows, sorted.count)
        }
    }

    private static func columns(
        _ nodes: [String], next: [String: [String]], previous: [String: [String]]
    ) -> [String: Int] {
        var waiting = previous.mapValues(\.count)
        var column: [String: Int] = [:]
        var ready = nodes.filter { waiting[$0, default: 0] == 0 }[...]
        var left = nodes
        while true {
            while let node = ready.popFirst() {
                guard column[node] == nil else { continue }
                column[node] = ((previous[node] ?? []).compactMap { column[$0] }.max() ?? -1) + 1
                for after in next[node] ?? [] {
                    waiting[after, default: 0] -= 1
                    if waiting[after] == 0 { ready.append(after) }
                }
            }
            left.removeAll { column[$0] != nil }
            // What is left stands in circles: one is taken as if nothing more led to it.
            guard let node = left.first(where: { (previous[$0] ?? []).contains { column[$0] != nil } }) ?? left.first
            else { return column }
            ready.append(node)
        }
    }
}
