// The page: its style and its elements.
import './style.css';
import './playground-element.js';
