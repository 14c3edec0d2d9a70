/// The places with the highest scores of many: a heap whose least is on top. Equal scores go by place.
struct BestPlaces {
    private var heap: [(score: Float, place: Int)] = []
    private let limit: Int

    init(limit: Int) { self.limit = max(0, limit) }

    mutating func offer(_ score: Float, _ place: Int) {
        if heap.count < limit {
            heap.append((score, place))
            rise(heap.count - 1)
        } else if let least = heap.first, Self.isLess(least, (score, place)) {
            heap[0] = (score, place)
            sink(0)
        }
    }

    var sorted: [Int] { heap.sorted { Self.isLess($1, $0) }.map(\.place) }

    private static func isLess(_ left: (score: Float, place: Int), _ right: (score: Float, place: Int)) -> Bool {
        left.score != right.score ? left.score < right.score : left.place > right.place
    }

    private mutating func rise(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.isLess(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if Self.isLess(heap[child], heap[least]) { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
