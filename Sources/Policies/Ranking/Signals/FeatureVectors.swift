/// What items say of themselves as sparse vectors: rare words weigh more (inverse document frequency), each vector has
/// length 1.
struct FeatureVectors: Sendable {
    private(set) var identifiers: [String: Int32] = [:]
    /// Where each item's features begin in `features`; one more than there are items.
    private(set) var starts: [Int32] = [0]
    private(set) var features: [Int32] = []
    private(set) var weights: [Float] = []

    var featureCount: Int { identifiers.count }

    private static let largestVector = 48

    init(_ items: [[String]]) {
        var counts: [Int] = []
        for words in items {
            var seen: Set<Int32> = []
            for word in words where seen.count < Self.largestVector {
                let id: Int32
                if let known = identifiers[word] {
                    id = known
                } else {
                    id = Int32(clamping: identifiers.count)
                    identifiers[word] = id
                    counts.append(0)
                }
                if seen.insert(id).inserted {
                    features.append(id)
                    counts[Int(id)] += 1
                }
            }
            starts.append(Int32(clamping: features.count))
        }
        let all = Double(max(1, items.count))
        let idf = counts.map { Float(Powers.naturalLog(1 + all / Double(max(1, $0)))) }
        weights = [Float](repeating: 0, count: features.count)
        for item in items.indices {
            let range = Int(starts[item])..<Int(starts[item + 1])
            var square: Float = 0
            for place in range { square += idf[Int(features[place])] * idf[Int(features[place])] }
            let length = square.squareRoot()
            guard length > 0 else { continue }
            for place in range { weights[place] = idf[Int(features[place])] / length }
        }
    }

    /// Cosine of two items.
    func similarity(_ one: Int, _ other: Int) -> Float {
        var sum: Float = 0
        for place in Int(starts[one])..<Int(starts[one + 1]) {
            for second in Int(starts[other])..<Int(starts[other + 1]) where features[second] == features[place] {
                sum += weights[place] * weights[second]
            }
        }
        return sum
    }

    /// The weighted sum of items, of length 1; nil when there is nothing in it.
    func profile(_ items: [(item: Int, weight: Float)]) -> [Float]? {
        var profile = [Float](repeating: 0, count: featureCount)
        for (item, weight) in items {
            for place in Int(starts[item])..<Int(starts[item + 1]) {
                profile[Int(features[place])] += weight * weights[place]
            }
        }
        let length = profile.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0 else { return nil }
        return profile.map { $0 / length }
    }

    /// Cosine of each item with a profile. O(features of all items).
    func similarities(to profile: [Float], into scores: inout [Float]) {
        profile.withUnsafeBufferPointer { profile in
            features.withUnsafeBufferPointer { features in
                weights.withUnsafeBufferPointer { weights in
                    for item in scores.indices {
                        var sum: Float = 0
                        for place in Int(starts[item])..<Int(starts[item + 1]) {
                            sum += profile[Int(features[place])] * weights[place]
                        }
                        scores[item] = sum
                    }
                }
            }
        }
    }
}
