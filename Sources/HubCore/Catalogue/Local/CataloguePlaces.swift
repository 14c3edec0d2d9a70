/// Which row of a table a repository has, by its key.
///
/// Keys are spread over years, and databases tell of many of them in their order: a list that is in order too is gone
/// through beside them, where a hash would miss the processor's cache for each of a hundred thousand.
struct CataloguePlaces: Sendable {
    /// In order, the smallest first.
    private(set) var keys: [Int64] = []
    private var rows: [Int32] = []

    subscript(key: Int64) -> Int32? {
        get { row(at: firstPlace(notBefore: key, in: 0..<keys.count), of: key) }
        set {
            // What is new has the greatest key nearly always.
            let place =
                keys.last.map { $0 < key } ?? true ? keys.count : firstPlace(notBefore: key, in: 0..<keys.count)
            let isThere = place < keys.count && keys[place] == key
            switch (newValue, isThere) {
            case (let row?, true): rows[place] = row
            case (let row?, false):
                keys.insert(key, at: place)
                rows.insert(row, at: place)
            case (nil, true):
                keys.remove(at: place)
                rows.remove(at: place)
            case (nil, false): break
            }
        }
    }

    /// Looks up keys one after another: the nearer a key is behind the one before it, the sooner it is found.
    struct Reader {
        private let places: CataloguePlaces
        private var place = 0

        fileprivate init(_ places: CataloguePlaces) { self.places = places }

        mutating func row(of key: Int64) -> Int32? {
            let count = places.keys.count
            if place > 0, places.keys[place - 1] >= key {
                place = places.firstPlace(notBefore: key, in: 0..<place)
            } else {
                var step = 1
                while place + step < count, places.keys[place + step] < key { step *= 2 }
                place = places.firstPlace(notBefore: key, in: place + step / 2..<min(count, place + step + 1))
            }
            return places.row(at: place, of: key)
        }
    }

    func reader() -> Reader { Reader(self) }

    private func row(at place: Int, of key: Int64) -> Int32? {
        place < keys.count && keys[place] == key ? rows[place] : nil
    }

    private func firstPlace(notBefore key: Int64, in range: Range<Int>) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
