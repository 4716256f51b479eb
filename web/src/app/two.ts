// The page of two programs: the playground's, twice, and what compares them.
import './main.js';
import './comparison-element.js';
