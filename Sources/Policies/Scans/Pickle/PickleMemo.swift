/// The memo of a pickle machine: dense where picklers number their values, and sparse where somebody plays with it.
struct PickleMemo {
    private var dense: [PickleValue] = []
    private var sparse: [Int64: PickleValue] = [:]

    private static let maximumDense = 6_000_000
    private static let maximumSparse = 200_000

    /// What `MEMOIZE` takes as the next number: how many values there are.
    var count: Int64 { Int64(dense.count + sparse.count) }

    subscript(_ key: Int64) -> PickleValue? {
        if key >= 0, key < Int64(dense.count) { return dense[Int(key)] }
        return sparse[key]
    }

    mutating func put(_ value: PickleValue, at key: Int64) throws(ScanStop) {
        if key >= 0, key < Int64(dense.count) {
            dense[Int(key)] = value
        } else if key == Int64(dense.count), sparse[key] == nil {
            guard dense.count < Self.maximumDense else { throw .limit("remembers more values than are followed") }
            dense.append(value)
        } else {
            guard sparse.count < Self.maximumSparse else { throw .limit("remembers more values than are followed") }
            sparse[key] = value
        }
    }
}
