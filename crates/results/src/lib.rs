//! Record batches to json, csv, html and the other result formats, as streaming writers.
