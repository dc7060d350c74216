"""The tests, laid out as the product is; `grounds` is what they stand on."""
