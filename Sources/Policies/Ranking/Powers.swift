import Foundation

/// The few functions of real numbers that rankings need.
enum Powers {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
    static func logOnePlus(_ value: Double) -> Double { log1p(max(0, value)) }
    static func naturalLog(_ value: Double) -> Double { log(value) }
    static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
    static func exponential(_ value: Double) -> Double { exp(value) }
}
